//! Attacks made by rule: every element that can act, with every handler that can fire, in every spelling that a filter
//! could be asked to miss. Other packages' tests may include this file by path: it needs nothing but itself.
//!
//! All of it is written for this project. The names of elements and events are those of the HTML and SVG standards.

const ELEMENTS: [&str; 40] = [
    "a", "abbr", "animate", "applet", "audio", "b", "base", "body", "button", "details", "dialog",
    "div", "embed", "form", "frameset", "iframe", "img", "input", "isindex", "keygen", "link",
    "marquee", "math", "meta", "object", "p", "picture", "portal", "script", "select", "set",
    "source", "style", "svg", "table", "template", "textarea", "title", "video", "x",
];

const EVENTS: [&str; 36] = [
    "onabort",
    "onafterprint",
    "onanimationend",
    "onanimationstart",
    "onauxclick",
    "onbeforeinput",
    "onbeforetoggle",
    "onbegin",
    "onblur",
    "oncanplay",
    "onclick",
    "oncontentvisibilityautostatechange",
    "oncopy",
    "ondrag",
    "onend",
    "onerror",
    "onfocus",
    "onfocusin",
    "onhashchange",
    "oninput",
    "onkeydown",
    "onload",
    "onloadstart",
    "onmessage",
    "onmouseenter",
    "onmouseover",
    "onpageshow",
    "onpaste",
    "onpointerenter",
    "onpointerrawupdate",
    "onscroll",
    "onscrollend",
    "onstart",
    "ontoggle",
    "ontransitionend",
    "onwheel",
];

/// How a payload can be dressed; `{}` is the payload.
const DRESSES: [&str; 24] = [
    "{}",
    "\"><{}",
    "'>{}",
    "</textarea>{}",
    "</script>{}",
    "--> {}",
    "]]>{}",
    "**{}**",
    "*{}",
    "`{}",
    "```\n{}",
    "> {}",
    "- {}",
    "# {}",
    "|{}|\n|-|\n|{}|",
    "||{}||",
    "[{}](x)",
    "[x]({})",
    "![{}]({})",
    "<b>{}</b>",
    "<pre>{}</pre>",
    "<details open><summary>{}</summary></details>",
    "<table><tr><td>{}",
    "<!--{}-->",
];

/// Addresses that run something.
const ADDRESSES: [&str; 14] = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript&colon;alert(1)",
    "javascript&NewLine;:alert(1)",
    "\u{1}javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "blob:https://example.org/x",
    "file:///etc/passwd",
    "feed:javascript:alert(1)",
];

/// What takes an address.
const TAKERS: [&str; 16] = [
    "<a href=\"{}\">x</a>",
    "<a href={}>x",
    "<img src=\"{}\">",
    "<iframe src=\"{}\"></iframe>",
    "<object data=\"{}\"></object>",
    "<embed src=\"{}\">",
    "<form action=\"{}\"><button>x</button></form>",
    "<button formaction=\"{}\">x</button>",
    "<svg><a xlink:href=\"{}\"><text>x</text></a></svg>",
    "<math href=\"{}\">x</math>",
    "<base href=\"{}\">",
    "<meta http-equiv=refresh content=\"0;url={}\">",
    "<link rel=stylesheet href=\"{}\">",
    "[x]({})",
    "[x](<{}>)",
    "[x]\n\n[x]: {}",
];

/// All of them, the same ones each time.
pub(crate) fn mutations() -> Vec<String> {
    let mut all = Vec::new();
    for (number, element) in ELEMENTS.iter().enumerate() {
        for (step, event) in EVENTS.iter().enumerate() {
            let plain = spelled(element, event, number + step);
            let dress = DRESSES[(number * 7 + step) % DRESSES.len()];
            all.push(dress.replace("{}", &plain));
        }
    }
    for taker in TAKERS {
        for address in ADDRESSES {
            all.push(taker.replace("{}", address));
        }
    }
    for dress in DRESSES {
        for style in [
            "<p style=\"position:fixed;inset:0;background:url(https://example.org/x)\">x</p>",
            "<style>*{background:url(//example.org/x)}</style>",
            "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
            "<script src=//example.org/x></script>",
            "<svg><script>alert(1)</script></svg>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        ] {
            all.push(dress.replace("{}", style));
        }
    }
    all
}

/// One handler on one element, in one of eight spellings.
fn spelled(element: &str, event: &str, spelling: usize) -> String {
    let upper = event.to_uppercase();
    match spelling % 8 {
        0 => format!("<{element} {event}=alert(1)>"),
        1 => format!("<{element}/{event}=\"alert(1)\">x</{element}>"),
        2 => format!("<{element} src=x {upper}='alert(1)' autofocus tabindex=1>"),
        3 => format!("<{element}\n{event}\n=\nalert`1`>"),
        4 => format!("<{} x=\">\" {event}=alert(1)//", element.to_uppercase()),
        5 => format!("<{element} {event}=&#97;lert(1) style=animation-name:x>"),
        6 => format!("<{element}\u{c}{event}=alert(1)\u{0}>"),
        _ => format!("<{element} a=`x` {event}=\"alert&lpar;1&rpar;\"><{element}"),
    }
}
