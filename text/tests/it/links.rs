//! What counts as an address, and what becomes of it.

use text::{FilterState, Host, Node, render, render_words};

use crate::corpus;
use crate::{filters, is_blocked, open};

fn hides(typed: &str) -> bool {
    is_blocked(&render(
        typed,
        &filters(FilterState::Hide, FilterState::Show),
    ))
}

fn link(typed: &str) -> (String, String, Host) {
    let rendered = render(typed, &open());
    let mut links = rendered.nodes.into_iter().filter_map(|node| match node {
        Node::Link { shown, href, host } => Some((shown, href, host)),
        _ => None,
    });
    links
        .next()
        .unwrap_or_else(|| unreachable!("no link in {typed:?}"))
}

#[test]
fn every_address_of_the_corpus_is_found() {
    let all = corpus::entries(corpus::LINKS);
    assert!(all.len() >= 300, "{}", all.len());
    let missed: Vec<_> = all.iter().filter(|typed| !hides(typed)).collect();
    assert!(missed.is_empty(), "{} missed: {missed:#?}", missed.len());
}

#[test]
fn no_address_of_the_corpus_is_left_to_what_knows_no_links() {
    let all = corpus::entries(corpus::LINKS);
    let missed: Vec<_> = all
        .iter()
        .filter(|typed| render_words(typed, &open()).is_some())
        .collect();
    assert!(missed.is_empty(), "{} missed: {missed:#?}", missed.len());
}

#[test]
fn no_innocent_text_of_the_corpus_holds_an_address() {
    let all = corpus::entries(corpus::INNOCENT);
    assert!(all.len() >= 100, "{}", all.len());
    let wrong: Vec<_> = all.iter().filter(|typed| hides(typed)).collect();
    assert!(wrong.is_empty(), "{} wrong: {wrong:#?}", wrong.len());
}

#[test]
fn every_address_stays_found_inside_a_sentence_and_behind_a_newline() {
    for typed in corpus::entries(corpus::LINKS) {
        assert!(hides(&format!("Look here: {typed} – or not?")), "{typed:?}");
        assert!(
            hides(&format!("first line\n{typed}\nlast line")),
            "{typed:?}"
        );
    }
}

#[test]
fn only_web_and_mail_addresses_become_links() {
    for typed in corpus::entries(corpus::LINKS)
        .into_iter()
        .chain(corpus::entries(corpus::XSS))
    {
        for node in render(&typed, &open()).nodes {
            if let Node::Link { href, .. } = node {
                let good = ["http://", "https://", "mailto:"]
                    .iter()
                    .any(|scheme| href.starts_with(scheme));
                assert!(good, "{typed:?} links to {href:?}");
            }
        }
    }
}

#[test]
fn a_plain_address_links_to_itself_and_the_sentence_goes_on() {
    let rendered = render("See https://example.com/a_(b)?q=1#x, please.", &open());
    let [
        Node::Text(before),
        Node::Link { shown, href, host },
        Node::Text(after),
    ] = rendered.nodes.as_slice()
    else {
        panic!("{rendered:?}");
    };
    assert_eq!((before.as_str(), after.as_str()), ("See ", ", please."));
    assert_eq!(shown, "https://example.com/a_(b)?q=1#x");
    assert_eq!(href, shown);
    assert_eq!(
        (host.unicode.as_str(), host.confusable, host.mismatch),
        ("example.com", false, false)
    );
}

#[test]
fn a_bare_name_links_over_https() {
    assert_eq!(link("www.example.com/x").1, "https://www.example.com/x");
    assert_eq!(link("Example.COM").1, "https://example.com/");
    assert_eq!(link("192.0.2.7:8080/x").1, "https://192.0.2.7:8080/x");
}

#[test]
fn a_mail_address_links_to_mail_and_not_to_its_domain() {
    let (shown, href, host) = link("Write to anna@example.org.");
    assert_eq!(
        (shown.as_str(), href.as_str()),
        ("anna@example.org", "mailto:anna@example.org")
    );
    assert_eq!(host.punycode, "example.org");
}

#[test]
fn a_disguised_address_is_text_while_links_are_shown_and_a_host_when_they_are_not() {
    for typed in [
        "hxxp://example[.]com/x",
        "example (dot) com",
        "http[:]//example．com",
    ] {
        let shown = render(typed, &open());
        assert_eq!(shown.nodes, [Node::Text(typed.to_owned())]);
        let inert = render(typed, &filters(FilterState::Neutralise, FilterState::Show));
        assert_eq!(
            inert.nodes,
            [Node::Neutral {
                host: "example.com".into()
            }],
            "{typed}"
        );
    }
}

#[test]
fn neutralising_takes_the_link_and_leaves_the_message() {
    let rendered = render(
        "before https://example.com/secret after",
        &filters(FilterState::Neutralise, FilterState::Show),
    );
    assert_eq!(rendered.plain(), "before example.com after");
    assert_eq!(rendered.hidden_links, 1);
    assert!(
        rendered
            .nodes
            .iter()
            .all(|node| !matches!(node, Node::Link { .. }))
    );
}

#[test]
fn hiding_names_what_caused_it() {
    let rendered = render(
        "a.example.com javascript:alert(1)",
        &filters(FilterState::Hide, FilterState::Show),
    );
    let what = text::BlockedBy::Links {
        hosts: vec!["a.example.com".into(), "javascript:".into()],
    };
    assert_eq!(rendered.nodes, [Node::Blocked { what }]);
    assert_eq!(rendered.hidden_links, 2);
}

#[test]
fn an_international_host_is_shown_in_both_spellings() {
    let host = link("https://bücher.example.de/").2;
    assert_eq!(
        (host.unicode.as_str(), host.punycode.as_str()),
        ("bücher.example.de", "xn--bcher-kva.example.de")
    );
    assert!(!host.confusable);
    assert_eq!(
        link("https://xn--bcher-kva.example.de/").2.unicode,
        "bücher.example.de"
    );
}

#[test]
fn a_host_of_look_alike_letters_is_flagged() {
    for typed in [
        "http://аррӏе.com",
        "https://gооgle.com",
        "https://xn--80ak6aa92e.com",
    ] {
        assert!(link(typed).2.confusable, "{typed}");
    }
    for typed in [
        "https://пример.рф",
        "https://例え.jp",
        "https://example.com",
    ] {
        assert!(!link(typed).2.confusable, "{typed}");
    }
}

#[test]
fn words_that_name_another_host_are_flagged() {
    for typed in [
        "[google.com](https://example.com)",
        "[https://google.com/login](https://example.com/)",
        "<a href=\"https://example.com\">google.com</a>",
        "https://google.com@example.com/",
    ] {
        let (_, href, host) = link(typed);
        assert!(host.mismatch, "{typed}");
        assert!(href.contains("example.com"), "{typed}");
    }
    for typed in [
        "[my page](https://example.com)",
        "[example.com](https://www.example.com/x)",
        "https://example.com",
    ] {
        assert!(!link(typed).2.mismatch, "{typed}");
    }
}

#[test]
fn markdown_and_html_links_show_their_words() {
    assert_eq!(
        link("see [my page](https://example.com/x) now").0,
        "my page"
    );
    assert_eq!(
        render("see [my page](https://example.com/x) now", &open()).plain(),
        "see my page now"
    );
    assert_eq!(
        link("<a href='https://example.com/x'>my page</a>").0,
        "my page"
    );
}

#[test]
fn an_address_in_a_cut_out_attribute_still_hides_the_message() {
    for typed in [
        "<img src=http://example.com/x>",
        "<b style='background:url(//example.com/x)'>",
        "<a href='&#106;avascript:x'>",
    ] {
        assert!(hides(typed), "{typed}");
    }
}
