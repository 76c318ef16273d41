//! What a person chooses.

use text::Filters;

use super::people::PersonId;

/// Choices that hold for as long as the page lives, and longer where the person asked for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The colours.
    pub theme: Theme,
    /// The two filters. Applied when a message is drawn, so a change reaches old messages too.
    pub filters: Filters,
    /// Whether lines such as "Brave Heron came in" are shown.
    pub shows_comings: bool,
    /// Leave the link in the address bar instead of removing it after joining.
    pub keeps_address: bool,
    /// Show nothing while another tab is in front.
    pub veils_hidden: bool,
    /// How a message is laid out.
    pub format: LineFormat,
    /// How much air is between the lines.
    pub density: Density,
    /// How large the letters are.
    pub size: TextSize,
    /// What a notification is shown for.
    pub notify: Notify,
    /// A notification says who wrote what.
    pub notify_tells: bool,
    /// How loud sounds are.
    pub volume: Volume,
    /// Show others who show the same when this person types and how far they have read.
    pub shares_signals: bool,
    /// Fetch pictures that are small without being asked.
    pub accepts_pictures: bool,
    /// Keep these choices on this device.
    pub remembers: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            filters: Filters::default(),
            shows_comings: true,
            keeps_address: false,
            veils_hidden: false,
            format: LineFormat::Bubbles,
            density: Density::Roomy,
            size: TextSize::Medium,
            notify: Notify::Nothing,
            notify_tells: false,
            volume: Volume::Low,
            shares_signals: false,
            accepts_pictures: false,
            remembers: false,
        }
    }
}

/// The version of [`Settings::to_bytes`].
const FORMAT: u8 = 1;

impl Settings {
    /// How many bytes they take.
    pub const BYTES: usize = 15;

    /// For storing: choices only, nothing that says where or with whom.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        [
            FORMAT,
            place(self.theme, &Theme::ALL),
            self.filters.to_byte(),
            u8::from(self.shows_comings),
            u8::from(self.keeps_address),
            place(self.format, &LineFormat::ALL),
            place(self.density, &Density::ALL),
            place(self.size, &TextSize::ALL),
            place(self.notify, &Notify::ALL),
            u8::from(self.notify_tells),
            place(self.volume, &Volume::ALL),
            u8::from(self.shares_signals),
            u8::from(self.remembers),
            u8::from(self.veils_hidden),
            u8::from(self.accepts_pictures),
        ]
    }

    /// What was stored; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let &[
            FORMAT,
            theme,
            filters,
            comings,
            address,
            format,
            density,
            size,
            notify,
            tells,
            volume,
            signals,
            remembers,
            veils,
            pictures,
        ] = bytes
        else {
            return None;
        };
        Some(Self {
            theme: at(theme, &Theme::ALL)?,
            filters: Filters::from_byte(filters)?,
            shows_comings: comings == 1,
            keeps_address: address == 1,
            format: at(format, &LineFormat::ALL)?,
            density: at(density, &Density::ALL)?,
            size: at(size, &TextSize::ALL)?,
            notify: at(notify, &Notify::ALL)?,
            notify_tells: tells == 1,
            volume: at(volume, &Volume::ALL)?,
            shares_signals: signals == 1,
            remembers: remembers == 1,
            veils_hidden: veils == 1,
            accepts_pictures: pictures == 1,
        })
    }
}

fn place<T: PartialEq>(choice: T, all: &[T]) -> u8 {
    let index = all.iter().position(|it| *it == choice).unwrap_or_default();
    u8::try_from(index).unwrap_or_default()
}

fn at<T: Copy>(index: u8, all: &[T]) -> Option<T> {
    all.get(usize::from(index)).copied()
}

/// Declares a choice among a few: the type, all of it, and the value of its attribute of `<html>`.
macro_rules! choice {
    ($(#[$about:meta])* $name:ident { $($(#[$meta:meta])* $one:ident = $attribute:expr,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum $name { $($(#[$meta])* $one,)* }

        impl $name {
            /// All of them, in the order in which they are offered.
            pub const ALL: [Self; [$(Self::$one),*].len()] = [$(Self::$one),*];

            /// What the style sheets call it; `None` where nothing differs.
            pub fn attribute(self) -> Option<&'static str> {
                match self { $(Self::$one => $attribute,)* }
            }
        }
    };
}

choice! {
    /// The colours of the page.
    Theme {
        /// Light or dark, as the system says.
        #[default]
        System = None,
        /// Light.
        Light = Some("light"),
        /// Dark.
        Dark = Some("dark"),
        /// Black and white, with strong lines.
        Contrast = Some("contrast"),
        /// Bright letters on black, with a calm glow.
        Neon = Some("neon"),
        /// Green on black, all letters equally wide.
        Terminal = Some("terminal"),
    }
}

choice! {
    /// How a message is laid out.
    LineFormat {
        /// In bubbles, with the name above.
        #[default]
        Bubbles = None,
        /// `[HH:MM:SS - name]: text`.
        Classic = Some("classic"),
    }
}

choice! {
    /// How much air is between the lines.
    Density {
        /// As much as is comfortable.
        #[default]
        Roomy = None,
        /// Little: more lines on the screen.
        Tight = Some("tight"),
    }
}

choice! {
    /// How large the letters are.
    TextSize {
        /// Smaller than usual.
        Small = Some("small"),
        /// As the browser has it.
        #[default]
        Medium = None,
        /// Larger.
        Large = Some("large"),
        /// Much larger.
        Huge = Some("huge"),
    }
}

choice! {
    /// What a notification is shown for.
    Notify {
        /// Nothing.
        #[default]
        Nothing = None,
        /// Private messages, and messages in which this person is mentioned.
        Personal = Some("personal"),
        /// Every message.
        All = Some("all"),
    }
}

choice! {
    /// How loud sounds are.
    Volume {
        /// None at all.
        Off = None,
        /// Quiet.
        #[default]
        Low = Some("low"),
        /// Loud.
        High = Some("high"),
    }
}

impl Theme {
    /// The next one when a single button cycles through light and dark.
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            _ => Self::System,
        }
    }
}

impl Volume {
    /// As a share of what the device can do.
    pub fn gain(self) -> f32 {
        match self {
            Self::Off => 0.0,
            Self::Low => 0.08,
            Self::High => 0.3,
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
    /// Everybody inside may close the room for all.
    pub everyone_purges: bool,
}

/// A rule that somebody who governs a room lays down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    /// Nobody new comes in, or they do again.
    Lock(bool),
    /// The room lives this long from now on.
    Lifetime(Lifetime),
    /// Takes somebody's seat away, for good.
    Remove(PersonId),
    /// Somebody is to govern, too.
    Share(PersonId),
    /// Somebody is to govern instead.
    HandOn(PersonId),
    /// Everybody may close the room, or only those who govern it.
    EveryonePurges(bool),
    /// What everybody's filters start from.
    Filters(Filters),
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
