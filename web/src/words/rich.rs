//! Formatting: how messages are written with it and what can be done with them.

words! { RichWords;
    spoiler = "Spoiler";
    spoiler_show = "Show the spoiler";
    spoiler_hide = "Cover it again";
    code = "Program text";
    code_in = "Program text, {language}";
    copy_code = "Copy";
    table = "Table";
    details = "Details";
    show_more = "Show more";
    show_less = "Show less";

    link_title = "Open this link?";
    link_leads = "It leads to";
    link_mail = "It writes a mail to";
    link_punycode = "Written for computers";
    link_address = "The whole address";
    link_warn_mismatch = "The words of the link name another place than the one it leads to.";
    link_warn_confusable = "Some letters of this name look like others. It may imitate a name that you know.";
    link_note = "The page learns your network address, but not that you come from here.";
    link_open = "Open in a new tab";
    link_copy = "Copy the address";

    toolbar = "Formatting";
    bold = "Bold";
    italic = "Italic";
    strike = "Strikethrough";
    inline_code = "Code";
    quote = "Quote";
    list = "List";
    covered = "Spoiler";
    with_key = "{what} ({key})";
    preview = "Preview";
    preview_soon = "One moment …";
    preview_empty = "Nothing to preview yet.";
    plain = "Plain text";
    plain_note = "Send exactly what is typed, without formatting";
    formatting = "Formatting";

    flood_one = "1 more line in quick succession";
    flood_many = "{n} more lines in quick succession";
    flood_show = "Show them";
}
