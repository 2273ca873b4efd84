"""What a comparison leaves out.

filters         `include_object`, `include_name`
item_filter     ignores differences in what they exclude
compare_hooks   `compare_type`, `compare_server_default`
attached_ddl    ignores what the DDL text of events creates; attached_items: in one table;
                attached_text: reads that text
live_items      the SQLAlchemy object of a frozen item, for filters
"""
