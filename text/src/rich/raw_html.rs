//! HTML that somebody typed, tag by tag: allowed, or cut out with a label.

use crate::markup::tokens::{self, Kind};
use crate::markup::{self, ALLOWED, WITH_CONTENT};

use super::Object;
use super::page::Page;

/// Attributes that only a style sheet, a script or nobody would miss: they go without a word.
const QUIET: [&str; 24] = [
    "align",
    "border",
    "cellpadding",
    "cellspacing",
    "cite",
    "class",
    "color",
    "cols",
    "colspan",
    "datetime",
    "dir",
    "height",
    "id",
    "lang",
    "name",
    "open",
    "rel",
    "role",
    "rowspan",
    "scope",
    "start",
    "target",
    "title",
    "width",
];

/// What else belongs to a tag.
pub(super) enum Rest {
    Nothing,
    /// Everything up to the end tag goes with it.
    Content {
        name: String,
    },
    /// The words up to the end tag lead somewhere.
    Link {
        href: String,
        is_tainted: bool,
    },
}

/// Writes one tag, comment or the like that stands among words, of which `before` is the last character.
pub(super) fn among_words(page: &mut Page, html: &str, before: char) -> Rest {
    let text = format!("{before}{html}");
    if markup::is_markup(&text, before.len_utf8()) {
        return tag(page, html);
    }
    // The end of "Vec<String>" only looks like a tag.
    page.text(html);
    Rest::Nothing
}

fn tag(page: &mut Page, html: &str) -> Rest {
    let construct = tokens::construct(html, 0);
    match construct.kind {
        Kind::Start { name, attributes } => {
            let is_tainted = attributes.iter().any(|(key, _)| is_notable(&name, key));
            page.values
                .extend(attributes.iter().map(|(_, value)| value.clone()));
            let href = attributes
                .into_iter()
                .find(|(key, value)| name == "a" && key == "href" && !value.is_empty());
            if let Some((_, href)) = href {
                return Rest::Link { href, is_tainted };
            }
            match allowed(&name) {
                Some(name) => page.open_html(name),
                None => {
                    filtered(page, html);
                    if WITH_CONTENT.contains(&name.as_str()) {
                        return Rest::Content { name };
                    }
                    return Rest::Nothing;
                }
            }
            if is_tainted {
                filtered(page, html);
            }
        }
        Kind::End { name } => match allowed(&name) {
            Some(name) => page.close_html(name),
            None => filtered(page, html),
        },
        Kind::Other => filtered(page, html),
    }
    Rest::Nothing
}

/// Writes a block of HTML.
pub(super) fn block(page: &mut Page, html: &str) {
    let mut at = 0;
    // Elements of which no end tag is left.
    let mut endless: Vec<String> = Vec::new();
    while let Some(start) = next_tag(html, at) {
        words(page, &html[at..start]);
        let construct = tokens::construct(html, start);
        let end = construct.range.end;
        at = match tag(page, &html[start..end]) {
            Rest::Nothing => end,
            Rest::Content { name } if endless.contains(&name) => end,
            Rest::Content { name } => match end_tag(html, end, &name) {
                Some(closing) => tokens::construct(html, closing).range.end,
                None => {
                    endless.push(name);
                    end
                }
            },
            Rest::Link { href, is_tainted } => {
                let closing = (!endless.iter().any(|name| name == "a"))
                    .then(|| end_tag(html, end, "a"))
                    .flatten();
                match closing {
                    Some(closing) => {
                        let typed = &html[start..closing];
                        let shown = stripped(&html[end..closing]);
                        page.link(href, &shown, typed, is_tainted);
                        tokens::construct(html, closing).range.end
                    }
                    None => {
                        endless.push("a".to_owned());
                        filtered(page, &html[start..end]);
                        end
                    }
                }
            }
        };
    }
    words(page, html.get(at..).unwrap_or_default());
}

/// Whether this is the end tag of the element.
pub(super) fn ends(html: &str, name: &str) -> bool {
    end_tag(html, 0, name) == Some(0)
}

fn end_tag(html: &str, from: usize, name: &str) -> Option<usize> {
    let rest = html.as_bytes().get(from..)?;
    let offset = rest.windows(name.len() + 2).position(|window| {
        window.starts_with(b"</") && window[2..].eq_ignore_ascii_case(name.as_bytes())
    })?;
    Some(from + offset)
}

fn next_tag(html: &str, from: usize) -> Option<usize> {
    html.get(from..)?
        .match_indices('<')
        .map(|(offset, _)| from + offset)
        .find(|&at| markup::is_markup(html, at))
}

/// The words of a text without its tags.
fn stripped(html: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(start) = next_tag(html, at) {
        out.push_str(&html[at..start]);
        at = tokens::construct(html, start).range.end;
    }
    out.push_str(html.get(at..).unwrap_or_default());
    tokens::characters(&out)
}

fn words(page: &mut Page, html: &str) {
    if !html.is_empty() {
        page.text(&tokens::characters(html));
    }
}

fn allowed(name: &str) -> Option<&'static str> {
    ALLOWED.iter().copied().find(|allowed| *allowed == name)
}

/// An attribute that wanted something.
fn is_notable(element: &str, key: &str) -> bool {
    let is_own = element == "a" && key == "href";
    !is_own && !QUIET.contains(&key) && !key.starts_with("data-") && !key.starts_with("aria-")
}

fn filtered(page: &mut Page, html: &str) {
    page.object(Object::Filtered(html.trim_end().to_owned()));
}
