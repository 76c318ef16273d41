//! What the first one in decides.

use yew::prelude::*;

use super::choices::{Choice, Choices};
use super::disclosure::Disclosure;
use super::secret_field::SecretField;
use super::segments::Segments;
use crate::handle::Handle;
use crate::shared::Shared;
use crate::state::{Lifetime, Newcomers, Options, Settings};
use crate::words::{Words, life, words};

/// What [`RoomOptions`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct RoomOptionsProps {
    /// What is chosen.
    pub options: Options,
    /// Something else was chosen.
    pub onoptions: Callback<Options>,
    /// Only what makes the room; nothing about a second secret or the address bar.
    #[prop_or_default]
    pub is_plain: bool,
    /// The second secret as typed.
    #[prop_or_default]
    pub second: AttrValue,
    /// It was changed.
    #[prop_or_default]
    pub onsecond: Callback<String>,
}

/// The room's options behind one line that says what is set.
#[component]
pub fn RoomOptions(props: &RoomOptionsProps) -> Html {
    let words = words();
    let options = props.options;
    let handle = use_context::<Handle>();
    let settings = use_context::<Shared<Settings>>().unwrap_or_default();
    let newcomers = Newcomers::ALL
        .map(|choice| newcomers_words(words, choice).0)
        .to_vec();
    let lifetimes = Lifetime::ALL
        .map(|choice| lifetime_words(words, choice).0)
        .to_vec();
    let onnewcomers = props.onoptions.reform(move |index: usize| Options {
        newcomers: Newcomers::ALL.get(index).copied().unwrap_or_default(),
        ..options
    });
    let onlifetime = props.onoptions.reform(move |index: usize| Options {
        lifetime: Lifetime::ALL.get(index).copied().unwrap_or_default(),
        ..options
    });
    let life = life();
    let onpurgers = props.onoptions.reform(move |index: usize| Options {
        everyone_purges: index == 1,
        ..options
    });
    let most = MOST
        .iter()
        .position(|(most, _)| *most == options.max_members)
        .unwrap_or_default();
    let onmost = props.onoptions.reform(move |index: usize| Options {
        max_members: MOST.get(index).and_then(|(most, _)| *most),
        ..options
    });
    let keeps = settings.keeps_address;
    let onkeep = Callback::from(move |_: Event| {
        if let Some(handle) = &handle {
            handle.keep_address(!keeps);
        }
    });
    let mut hint = format!(
        "{} · {}",
        lifetime_words(words, options.lifetime).1,
        newcomers_words(words, options.newcomers).1,
    );
    if !props.second.is_empty() {
        hint = format!("{hint} · {}", life.secret_short);
    }
    html! {
        <Disclosure title={words.options} {hint}>
            <div class="options">
                if !props.is_plain {
                    <p class="field-note">{ words.options_note }</p>
                }
                <Choices
                    legend={words.options_newcomers}
                    name="newcomers"
                    choices={newcomers}
                    chosen={place(&Newcomers::ALL, options.newcomers)}
                    onchoose={onnewcomers}
                />
                <Choices
                    legend={words.options_lifetime}
                    name="lifetime"
                    choices={lifetimes}
                    chosen={place(&Lifetime::ALL, options.lifetime)}
                    onchoose={onlifetime}
                />
                <p class="field-note">{ words.lifetime_note }</p>
                <Choices
                    legend={life.options_purge}
                    name="purgers"
                    choices={plain([life.options_purge_me, life.options_purge_everyone])}
                    chosen={usize::from(options.everyone_purges)}
                    onchoose={onpurgers}
                />
                <div class="choices">
                    <span class="field-label">{ life.options_max }</span>
                    <Segments name="most" label={life.options_max} labels={MOST.map(|(_, label)| label).to_vec()} chosen={most} onchoose={onmost} />
                </div>
                if !props.is_plain {
                <div class="choices">
                    <SecretField label={life.secret_option} value={props.second.clone()} ontext={props.onsecond.clone()} />
                    <p class="field-note">{ life.secret_option_note }</p>
                </div>
                <label class="choice">
                    <input type="checkbox" checked={keeps} onchange={onkeep} />
                    <span class="choice-title">{ words.keep_address }</span>
                    <span class="choice-note">{ words.keep_address_note }</span>
                </label>
                }
            </div>
        </Disclosure>
    }
}

/// How many people a room may be for; the last one leaves it to the relay.
const MOST: [(Option<u16>, &str); 5] = [
    (Some(2), "2"),
    (Some(5), "5"),
    (Some(10), "10"),
    (Some(25), "25"),
    (None, "max"),
];

fn plain(titles: [&'static str; 2]) -> Vec<Choice> {
    titles
        .map(|title| Choice {
            title: title.into(),
            note: AttrValue::default(),
        })
        .to_vec()
}

fn place<T: PartialEq>(all: &[T], chosen: T) -> usize {
    all.iter()
        .position(|choice| *choice == chosen)
        .unwrap_or_default()
}

fn newcomers_words(words: &Words, choice: Newcomers) -> (Choice, &'static str) {
    let (title, note, short) = match choice {
        Newcomers::Nothing => (
            words.newcomers_nothing,
            words.newcomers_nothing_note,
            words.newcomers_nothing_short,
        ),
        Newcomers::Last35 => (
            words.newcomers_35,
            words.newcomers_35_note,
            words.newcomers_35_short,
        ),
        Newcomers::Last200 => (
            words.newcomers_200,
            words.newcomers_200_note,
            words.newcomers_200_short,
        ),
    };
    (
        Choice {
            title: title.into(),
            note: note.into(),
        },
        short,
    )
}

fn lifetime_words(words: &Words, choice: Lifetime) -> (Choice, &'static str) {
    let life = life();
    let (title, short) = match choice {
        Lifetime::QuarterHour => (life.lifetime_quarter, life.lifetime_quarter_short),
        Lifetime::Hour => (words.lifetime_hour, words.lifetime_hour_short),
        Lifetime::Day => (words.lifetime_day, words.lifetime_day_short),
        Lifetime::Week => (life.lifetime_week, life.lifetime_week_short),
        Lifetime::UntilEmpty => (words.lifetime_empty, words.lifetime_empty_short),
    };
    (
        Choice {
            title: title.into(),
            note: AttrValue::default(),
        },
        short,
    )
}
