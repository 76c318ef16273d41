//! What a person chooses. Kept in memory only.

use text::Filters;

/// Choices that hold for as long as the page lives.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Light, dark or as the system says.
    pub theme: Theme,
    /// The two filters. Applied when a message is drawn, so a change reaches old messages too.
    pub filters: Filters,
    /// Whether lines such as "Brave Heron came in" are shown.
    pub shows_comings: bool,
    /// Leave the link in the address bar instead of removing it after joining.
    pub keeps_address: bool,
    /// Show nothing while another tab is in front.
    pub veils_hidden: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            filters: Filters::default(),
            shows_comings: true,
            keeps_address: false,
            veils_hidden: false,
        }
    }
}

/// Light and dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The value of the `data-theme` attribute of `<html>`; `None` for the system's choice.
    pub fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// The next one when a single button cycles through them.
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// What the person who opens a room decides. Ignored if the room already exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What newcomers see.
    pub newcomers: Newcomers,
    /// How long the room lives.
    pub lifetime: Lifetime,
    /// The most people inside; `None`: as many as the relay lets in.
    pub max_members: Option<u16>,
}

/// What somebody who comes later sees of what was said before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Newcomers {
    /// Nothing: a forward-secret room.
    Nothing,
    /// The last 35 messages.
    #[default]
    Last35,
    /// The last 200 messages.
    Last200,
}

impl Newcomers {
    /// All choices, for a form.
    pub const ALL: [Self; 3] = [Self::Nothing, Self::Last35, Self::Last200];

    /// How many messages the relay keeps.
    pub fn history(self) -> u16 {
        match self {
            Self::Nothing => 0,
            Self::Last35 => 35,
            Self::Last200 => 200,
        }
    }
}

/// How long a room lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lifetime {
    /// A quarter of an hour.
    QuarterHour,
    /// One hour.
    #[default]
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
    /// Until the last person has left.
    UntilEmpty,
}

impl Lifetime {
    /// All choices, for a form.
    pub const ALL: [Self; 5] = [
        Self::QuarterHour,
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::UntilEmpty,
    ];

    /// In seconds; 0 stands for "until empty".
    pub fn seconds(self) -> u32 {
        match self {
            Self::QuarterHour => 900,
            Self::Hour => 3_600,
            Self::Day => 86_400,
            Self::Week => 604_800,
            Self::UntilEmpty => 0,
        }
    }
}
