//! The icons, drawn on a grid of 24 with one stroke width.

use yew::prelude::*;

/// Which picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    Again,
    Attach,
    Auto,
    Bold,
    Bell,
    Bot,
    Bottom,
    Check,
    Chevron,
    Clock,
    Close,
    Code,
    Copy,
    Dice,
    Door,
    Eye,
    EyeOff,
    File,
    Filter,
    History,
    In,
    Info,
    Invite,
    Italic,
    Key,
    Letters,
    Link,
    List,
    Lock,
    Moon,
    More,
    Offline,
    Out,
    Panic,
    Pencil,
    People,
    Qr,
    Quote,
    Relay,
    Reply,
    Search,
    Send,
    Share,
    Shield,
    ShieldDoubt,
    Sliders,
    Smile,
    Speak,
    Strike,
    Sun,
    Warning,
}

/// An icon. Always decoration: the word for it stands beside it or is the button's label.
pub fn icon(glyph: Glyph) -> Html {
    html! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            focusable="false"
        >
            <path d={path(glyph)} />
        </svg>
    }
}

fn path(glyph: Glyph) -> &'static str {
    match glyph {
        Glyph::Again => "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.4M20 4.5v4.9h-4.9",
        Glyph::Attach => {
            "M18.5 11.5l-6.6 6.6a4.2 4.2 0 0 1-6-6l7.2-7.2a2.8 2.8 0 0 1 4 4L10 16a1.4 1.4 0 0 1-2-2l6.2-6.2"
        }
        Glyph::Auto => {
            "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M12 4v16M12 8.5l5.6-1M12 12.2l7.6-1.4M12 16l6.8-1.2"
        }
        Glyph::Bold => "M7.5 5H13a3.4 3.4 0 0 1 0 6.8H7.5zM7.5 11.8h6.3a3.6 3.6 0 0 1 0 7.2H7.5z",
        Glyph::Bell => "M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5zM10 20.5h4",
        Glyph::Bot => {
            "M6 9h12a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2zM12 9V5M12 5h.01M9 13.5v1M15 13.5v1"
        }
        Glyph::Bottom => "M12 5v13M6.5 12.5 12 18l5.5-5.5",
        Glyph::Check => "M5 12.5l4.5 4.5L19 7.5",
        Glyph::Chevron => "M9.5 6l6 6-6 6",
        Glyph::Clock => "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M12 8v4.2l2.8 1.8",
        Glyph::Close => "M6.5 6.5l11 11M17.5 6.5l-11 11",
        Glyph::Code => "M8.5 7.5 4 12l4.5 4.5M15.5 7.5 20 12l-4.5 4.5",
        Glyph::Copy => {
            "M9 9h9a1.5 1.5 0 0 1 1.5 1.5V19a1.5 1.5 0 0 1-1.5 1.5H9A1.5 1.5 0 0 1 7.5 19v-8.5A1.5 1.5 0 0 1 9 9zM4.5 15V5A1.5 1.5 0 0 1 6 3.5h9"
        }
        Glyph::Dice => {
            "M6 4h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM8.5 8.5h.01M15.5 8.5h.01M12 12h.01M8.5 15.5h.01M15.5 15.5h.01"
        }
        Glyph::Door => {
            "M13.5 4H7a1.5 1.5 0 0 0-1.5 1.5v13A1.5 1.5 0 0 0 7 20h6.5M10.5 12H20M16.5 8.5 20 12l-3.5 3.5"
        }
        Glyph::Eye => {
            "M2.8 12S6 5.8 12 5.8 21.2 12 21.2 12 18 18.2 12 18.2 2.8 12 2.8 12zM12 9.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 1 0 0-5.6"
        }
        Glyph::EyeOff => {
            "M4 4l16 16M9.7 6.1A8.9 8.9 0 0 1 12 5.8c6 0 9.2 6.2 9.2 6.2a15 15 0 0 1-2.5 3.3M6.3 7.7A14 14 0 0 0 2.8 12S6 18.2 12 18.2a8.7 8.7 0 0 0 4-1M10 10.1a2.8 2.8 0 0 0 3.9 3.9"
        }
        Glyph::File => {
            "M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5zM13.5 3.5v5h5"
        }
        Glyph::Filter => "M4 7h16M7 12h10M10 17h4",
        Glyph::History => "M4.5 12a7.5 7.5 0 1 0 2.2-5.3L4 9.4M4 4.5v4.9h4.9M12 8v4.2l2.8 1.8",
        Glyph::In => "M12 4.5v11M7 11l5 5 5-5M5 20h14",
        Glyph::Info => "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M12 11v5M12 8h.01",
        Glyph::Invite => {
            "M10 5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7M3.5 19.5c.6-3.2 3.2-5 6.5-5s5.9 1.8 6.5 5M18.5 7.5v6M15.5 10.5h6"
        }
        Glyph::Italic => "M10.5 5H17M7 19h6.5M14 5l-4 14",
        Glyph::Key => "M8 8.5a4 4 0 1 0 0 8a4 4 0 1 0 0-8M12 12.5h8.5v3.5M16.5 12.5v2.8",
        Glyph::Letters => {
            "M3.5 18 8 6.5 12.5 18M5 14.2h6M17.7 12a3 3 0 1 0 0 6a3 3 0 1 0 0-6M20.7 12v6"
        }
        Glyph::Link => {
            "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1"
        }
        Glyph::List => "M9.5 6.5h10M9.5 12h10M9.5 17.5h10M5 6.5h.01M5 12h.01M5 17.5h.01",
        Glyph::Lock => {
            "M7 11h10a1.5 1.5 0 0 1 1.5 1.5V18a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 18v-5.5A1.5 1.5 0 0 1 7 11zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"
        }
        Glyph::More => {
            "M5.5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0M11.5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0M17.5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0"
        }
        Glyph::Moon => "M19.5 14.3A8 8 0 0 1 9.7 4.5a8 8 0 1 0 9.8 9.8z",
        Glyph::Offline => {
            "M4 4l16 16M8.5 15.5a5 5 0 0 1 6 .1M5.3 12.2a9.5 9.5 0 0 1 4.2-2.4M13.5 9.6a9.5 9.5 0 0 1 5.2 2.6M12 19h.01"
        }
        Glyph::Out => "M12 19.5v-11M7 13l5-5 5 5M5 4h14",
        Glyph::Panic => "M13 3.5 5.5 13.5H12l-1 7 7.5-10H12z",
        Glyph::Pencil => "M5 19l.8-3.8L16 5l3 3L8.8 18.2zM13.8 7.2l3 3",
        Glyph::People => {
            "M9 5.5a3.2 3.2 0 1 0 0 6.4a3.2 3.2 0 1 0 0-6.4M3 19c.5-3 2.9-4.7 6-4.7s5.5 1.7 6 4.7M15.5 6a3 3 0 0 1 0 5.6M17.5 14.7c1.9.6 3.2 2.1 3.5 4.3"
        }
        Glyph::Qr => {
            "M4.5 4.5h5.5V10H4.5zM14 4.5h5.5V10H14zM4.5 14H10v5.5H4.5zM14 14h2.5v2.5H14zM19.5 14v.01M19.5 19.5h-3M14 19.5v.01"
        }
        Glyph::Quote => "M5 5.5v13M9.5 8h10M9.5 12h10M9.5 16h6",
        Glyph::Relay => {
            "M5.5 5h13A1.5 1.5 0 0 1 20 6.5v3a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 9.5v-3A1.5 1.5 0 0 1 5.5 5zM5.5 13h13a1.5 1.5 0 0 1 1.5 1.5v3a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5v-3A1.5 1.5 0 0 1 5.5 13zM7.5 8h.01M7.5 16h.01"
        }
        Glyph::Reply => "M10 7 4.5 12l5.5 5M4.5 12H14a5.5 5.5 0 0 1 5.5 5.5v1",
        Glyph::Search => "M10.5 4.5a6 6 0 1 0 0 12a6 6 0 1 0 0-12M15 15l5 5",
        Glyph::Send => "M12 19V6M6.5 11.5 12 6l5.5 5.5",
        Glyph::Share => "M12 14.5V4M8 7.5 12 3.5l4 4M7 11H5.5v8.5h13V11H17",
        Glyph::Shield => {
            "M12 3.5l7 2.5v5.5c0 4.3-2.9 7.5-7 9-4.1-1.5-7-4.7-7-9V6zM8.8 12l2.3 2.3 4.2-4.5"
        }
        Glyph::ShieldDoubt => {
            "M12 3.5l7 2.5v5.5c0 4.3-2.9 7.5-7 9-4.1-1.5-7-4.7-7-9V6zM12 8.5v4M12 15.5h.01"
        }
        Glyph::Sliders => {
            "M4 8h9M17 8h3M4 16h3M11 16h9M15 6a2 2 0 1 0 0 4a2 2 0 1 0 0-4M9 14a2 2 0 1 0 0 4a2 2 0 1 0 0-4"
        }
        Glyph::Smile => {
            "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M9 10h.01M15 10h.01M8.5 14c1.8 2.4 5.2 2.4 7 0"
        }
        Glyph::Speak => {
            "M4.5 9.5v5H8l4.5 4v-13L8 9.5zM16 9a4.2 4.2 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11"
        }
        Glyph::Strike => {
            "M4.5 12h15M16.5 7.5C16 6 14.3 5 12 5 9.5 5 7.5 6.2 7.5 8.3c0 1 0.4 1.7 1.2 2.3M7 16c.5 1.8 2.4 3 5 3 2.8 0 4.8-1.3 4.8-3.5 0-.6-.1-1-.4-1.5"
        }
        Glyph::Sun => {
            "M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8M12 2.8v1.7M12 19.5v1.7M2.8 12h1.7M19.5 12h1.7M5.5 5.5l1.2 1.2M17.3 17.3l1.2 1.2M5.5 18.5l1.2-1.2M17.3 6.7l1.2-1.2"
        }
        Glyph::Warning => "M12 4.5l8.5 14.5h-17zM12 10v4M12 16.5h.01",
    }
}
