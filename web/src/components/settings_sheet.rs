//! What a person can choose.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::choices::{Choice, Choices};
use super::keep_app::KeepApp;
use super::sheet::{Place, Sheet};
use crate::contexts::Dispatch;
use crate::handle::Handle;
use crate::shared::Shared;
use crate::state::{
    Action, Density, LineFormat, Notify, Page, Settings, Talk, TextSize, Theme, Volume,
};
use crate::words::talk;

/// What [`SettingsSheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct SettingsSheetProps {
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// The sheet.
#[component]
pub fn SettingsSheet(props: &SettingsSheetProps) -> Html {
    let words = talk();
    let handle = use_context::<Handle>();
    let dispatch = use_context::<Dispatch>();
    let settings = use_context::<Shared<Settings>>().unwrap_or_default();
    let here = use_context::<Shared<Talk>>().unwrap_or_default().notify;
    let onhere = {
        let dispatch = dispatch.clone();
        Callback::from(move |at: usize| {
            if let Some(dispatch) = &dispatch {
                let mode = at.checked_sub(1).map(|at| Notify::ALL[at]);
                dispatch.dispatch(Action::NotifyHere(mode));
            }
        })
    };
    let set = {
        let settings = settings.clone();
        Callback::from(move |change: Box<dyn Fn(&mut Settings)>| {
            let mut new = Settings::clone(&settings);
            change(&mut new);
            if let Some(dispatch) = &dispatch {
                dispatch.dispatch(Action::SetSettings(new));
            }
        })
    };
    let choose = |name: &'static str,
                  legend: &'static str,
                  titles: &[&'static str],
                  chosen: usize,
                  change: fn(&mut Settings, usize)| {
        let choices = plain(titles);
        let onchoose = set.reform(move |index: usize| {
            Box::new(move |settings: &mut Settings| change(settings, index))
                as Box<dyn Fn(&mut Settings)>
        });
        html! { <Choices {legend} {name} {choices} {chosen} {onchoose} /> }
    };
    let tick = |label: &'static str, note: &'static str, on: bool, change: fn(&mut Settings)| {
        let onchange = set.reform(move |_: Event| Box::new(change) as Box<dyn Fn(&mut Settings)>);
        html! {
            <label class="choice">
                <input type="checkbox" checked={on} {onchange} />
                <span class="choice-title">{ label }</span>
                <span class="choice-note">{ note }</span>
            </label>
        }
    };
    let press = |act: fn(&Handle)| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                act(handle);
            }
        })
    };
    let forget = {
        let (forget, set) = (press(Handle::forget_device), set.clone());
        Callback::from(move |event: MouseEvent| {
            set.emit(Box::new(|settings| *settings = Settings::default()));
            forget.emit(event);
        })
    };
    let may_notify = use_context::<Page>().and_then(|page| page.may_notify);
    let notify_note = match may_notify {
        Some(true) => words.notify_allowed,
        Some(false) => words.notify_denied,
        None => words.notify_ask_note,
    };
    html! {
        <Sheet title={words.settings} place={Place::Middle} onclose={props.onclose.clone()}>
            <div class="settings">
                { choose("theme", words.theme, &words_of(&THEMES), index(settings.theme, &Theme::ALL), |it, at| it.theme = Theme::ALL[at]) }
                { choose("format", words.format, &[words.format_bubbles, words.format_classic], index(settings.format, &LineFormat::ALL), |it, at| it.format = LineFormat::ALL[at]) }
                { choose("density", words.density, &[words.density_roomy, words.density_tight], index(settings.density, &Density::ALL), |it, at| it.density = Density::ALL[at]) }
                { choose("size", words.size, &[words.size_small, words.size_medium, words.size_large, words.size_huge], index(settings.size, &TextSize::ALL), |it, at| it.size = TextSize::ALL[at]) }
                { choose("notify", words.notify, &[words.notify_nothing, words.notify_personal, words.notify_all], index(settings.notify, &Notify::ALL), |it, at| it.notify = Notify::ALL[at]) }
                <Choices
                    legend={words.notify_here}
                    name="notify-here"
                    choices={plain(&[words.notify_as_everywhere, words.notify_nothing, words.notify_personal, words.notify_all])}
                    chosen={here.map_or(0, |mode| 1 + index(mode, &Notify::ALL))}
                    onchoose={onhere}
                />
                { tick(words.notify_tells, words.notify_tells_note, settings.notify_tells, |it| it.notify_tells = !it.notify_tells) }
                <p class="small">{ notify_note }</p>
                <div class="settings-row">
                    if may_notify.is_none() {
                        <Button onclick={press(Handle::ask_to_notify)}>{ words.notify_ask }</Button>
                    }
                    <Button onclick={press(Handle::test_alert)}>{ words.notify_try }</Button>
                </div>
                { choose("volume", words.volume, &[words.volume_off, words.volume_low, words.volume_high], index(settings.volume, &Volume::ALL), |it, at| it.volume = Volume::ALL[at]) }
                { tick(words.signals, words.signals_note, settings.shares_signals, |it| it.shares_signals = !it.shares_signals) }
                { tick(words.accepts, words.accepts_note, settings.accepts_pictures, |it| it.accepts_pictures = !it.accepts_pictures) }
                { tick(words.remember, words.remember_note, settings.remembers, |it| it.remembers = !it.remembers) }
                <KeepApp />
                <Button weight={Weight::Danger} onclick={forget}>{ words.forget_device }</Button>
            </div>
        </Sheet>
    }
}

fn plain(titles: &[&'static str]) -> Vec<Choice> {
    titles
        .iter()
        .map(|title| Choice {
            title: AttrValue::Static(title),
            note: AttrValue::default(),
        })
        .collect()
}

const THEMES: [Theme; 6] = Theme::ALL;

fn words_of(themes: &[Theme]) -> Vec<&'static str> {
    let words = talk();
    themes
        .iter()
        .map(|theme| match theme {
            Theme::System => words.theme_system,
            Theme::Light => words.theme_light,
            Theme::Dark => words.theme_dark,
            Theme::Contrast => words.theme_contrast,
            Theme::Neon => words.theme_neon,
            Theme::Terminal => words.theme_terminal,
        })
        .collect()
}

fn index<T: PartialEq>(chosen: T, all: &[T]) -> usize {
    all.iter().position(|it| *it == chosen).unwrap_or_default()
}
