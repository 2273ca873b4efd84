-- Running upgrade alter -> enums

ALTER TYPE "Mood" RENAME VALUE 'calm' TO 'quiet';

ALTER TYPE "Mood" ADD VALUE 'asleep' BEFORE 'quiet';

ALTER TYPE "Mood" ADD VALUE 'awake' AFTER 'quiet';

ALTER TYPE "Mood" ADD VALUE 'wild' AFTER 'busy';

ALTER TYPE "Mood" DROP VALUE 'it''s 5% \';

ALTER TYPE "Other".m ADD VALUE 'b' AFTER 'a';

UPDATE alembic_version SET version_num='enums' WHERE alembic_version.version_num = 'alter';

