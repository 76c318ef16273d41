//! Where messages are written. Typing redraws nothing but this.

use std::time::Duration;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::attach::Attach;
use super::caret::{before_caret, replace_before_caret};
use super::composer_about::ComposerAbout;
use super::emoji_panel::EmojiPanelProps;
use super::format_bar::FormatBar;
use super::icon::{Glyph, icon};
use super::icon_button::IconButton;
use super::media::media;
use super::room_screen::Panel;
use super::scope_chip::ScopeChip;
use super::suggestion_list::{LIST, SuggestionListProps, row_id};
use crate::contexts::Dispatch;
use crate::handle::Handle;
use crate::naming::MESSAGE_LIMIT;
use crate::shared::Shared;
use crate::state::{About, Action, Log, People, Relay, RoomCard, Talk};
use crate::talk::complete::{self, Suggestions};
use crate::talk::submit::{After, Scene, Shown, submit};
use crate::words::{count, fill, talk, words};
use crate::{handed, later};

/// From this many bytes left on, the counter shows.
const NEAR: usize = 1_024;

/// What [`Composer`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct ComposerProps {
    /// A command asks for something to be opened.
    pub onpanel: Callback<Panel>,
    /// Something is to be looked for in the log.
    pub onsearch: Callback<String>,
    /// What is sent goes this long after it was read.
    pub timer: Option<Duration>,
    /// Another time was chosen.
    pub ontimer: Callback<Option<Duration>>,
}

/// A text area that grows with its text. Enter sends, unless Shift is held or an input method is composing.
#[component]
pub fn Composer(props: &ComposerProps) -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let dispatch = use_context::<Dispatch>();
    let people = use_context::<Shared<People>>().unwrap_or_default();
    let log = use_context::<Shared<Log>>().unwrap_or_default();
    let talking = use_context::<Shared<Talk>>().unwrap_or_default();
    let card = use_context::<Shared<RoomCard>>();
    let takes_files = use_context::<Relay>().is_some_and(|relay| relay.file_limit() > 0);
    let area = use_node_ref();
    let draft = {
        let handle = handle.clone();
        use_state_eq(move || handle.map_or_else(String::new, |handle| handle.draft()))
    };
    let trouble = use_state_eq(|| None::<String>);
    let suggestions = use_state_eq(|| None::<(Suggestions, usize)>);
    let picks_emoji = use_state_eq(|| false);
    let is_plain = use_state_eq(|| false);
    // What stood here before an old message was put in its place to be changed.
    let aside = use_mut_ref(String::new);

    let scope = talking.scope.clone();
    let scope_id = scope.as_ref().map(|scope| scope.id);
    let about = talking.about;
    // Exactly what is drawn below: a message goes to whom this very drawing of the chip names.
    let shown = Shown {
        scope: scope_id,
        about,
        timer: props.timer,
        is_plain: *is_plain,
    };
    let act = {
        let dispatch = dispatch.clone();
        Callback::from(move |action: Action| {
            if let Some(dispatch) = &dispatch {
                dispatch.dispatch(action);
            }
        })
    };
    let write = {
        let (draft, handle, area) = (draft.clone(), handle.clone(), area.clone());
        Callback::from(move |text: String| {
            if let Some(element) = area.cast::<HtmlTextAreaElement>()
                && element.value() != text
            {
                element.set_value(&text);
            }
            if let Some(handle) = &handle {
                handle.keep_draft(text.clone());
            }
            draft.set(text);
        })
    };
    {
        let (area, write) = (area.clone(), write.clone());
        use_effect_with((), move |()| {
            spawn_local(async move {
                if let Some(text) = handed::text().await {
                    let before = area.cast::<HtmlTextAreaElement>().map(|it| it.value());
                    let before = before.filter(|it| !it.trim().is_empty());
                    write.emit(before.map_or(text.clone(), |before| format!("{before}\n{text}")));
                }
            });
        });
    }
    {
        let area = area.clone();
        use_effect_with(talking.wants_focus, move |wanted| {
            // On a phone this would open the keyboard over a room that nobody has seen yet.
            if (*wanted > 0 || media("(pointer: fine)"))
                && let Some(element) = area.cast::<HtmlElement>()
            {
                let _ = element.focus();
            }
        });
    }
    {
        let (log, write, aside, draft) = (log.clone(), write.clone(), aside.clone(), draft.clone());
        use_effect_with(about, move |about| {
            let before = std::mem::take(&mut *aside.borrow_mut());
            if let About::Edit(line) = about {
                let old = log.said(*line).and_then(|said| said.what.wording());
                aside.replace(if before.is_empty() {
                    (*draft).clone()
                } else {
                    before
                });
                write.emit(old.map_or_else(String::new, |old| old.text.to_string()));
            } else if !before.is_empty() {
                write.emit(before);
            }
        });
    }
    let oninput = {
        let (trouble, suggestions) = (trouble.clone(), suggestions.clone());
        let (people, handle, write) = (people.clone(), handle.clone(), write.clone());
        Callback::from(move |event: InputEvent| {
            let element = event.target_unchecked_into::<HtmlTextAreaElement>();
            trouble.set(None);
            let text = element.value();
            if let Some(handle) = &handle {
                if text.trim().is_empty() {
                    handle.stopped_typing();
                } else {
                    handle.typing(scope_id);
                }
            }
            let found = complete::suggest(&before_caret(&element), &people);
            suggestions.set(found.map(|found| (found, 0)));
            write.emit(text);
        })
    };
    let take = {
        let (suggestions, area, write) = (suggestions.clone(), area.clone(), write.clone());
        Callback::from(move |index: usize| {
            let Some((found, _)) = &*suggestions else {
                return;
            };
            let element = area.cast::<HtmlTextAreaElement>();
            if let (Some(element), Some(it)) = (element, found.list.get(index)) {
                let text = format!("{} ", it.text);
                write.emit(replace_before_caret(&element, found.start, &text));
            }
            suggestions.set(None);
        })
    };
    let insert = {
        let (area, write, picks_emoji) = (area.clone(), write.clone(), picks_emoji.clone());
        Callback::from(move |emoji: &'static str| {
            picks_emoji.set(false);
            if let Some(element) = area.cast::<HtmlTextAreaElement>() {
                let at = before_caret(&element).len();
                write.emit(replace_before_caret(&element, at, emoji));
                let _ = element.focus();
            }
        })
    };
    let send = {
        let (draft, trouble, area) = (draft.clone(), trouble.clone(), area.clone());
        let (people, log, act, write) = (people.clone(), log.clone(), act.clone(), write.clone());
        let (onpanel, onsearch) = (props.onpanel.clone(), props.onsearch.clone());
        let ontimer = props.ontimer.clone();
        let suggestions = suggestions.clone();
        let (handle, muted) = (handle.clone(), talking.muted.clone());
        let shown = shown.clone();
        Callback::from(move |()| {
            // The element knows the newest text; the state may be one keystroke behind.
            let text = area
                .cast::<HtmlTextAreaElement>()
                .map_or_else(|| (*draft).clone(), |it| it.value());
            let Some(handle) = handle.as_ref().filter(|_| !text.trim().is_empty()) else {
                return;
            };
            let rules = card
                .as_ref()
                .map_or_else(Default::default, |card| card.rules.clone());
            let scene = Scene {
                people: &people,
                log: &log,
                rules: &rules,
                takes_files,
            };
            let after = match submit(&text, &shown, handle, scene) {
                Ok(after) => after,
                Err(sentence) => return trouble.set(Some(sentence)),
            };
            suggestions.set(None);
            trouble.set(None);
            write.emit(String::new());
            act.emit(Action::TurnTo(About::Nothing));
            match after {
                After::Nothing => {}
                After::Timer(stays) => ontimer.emit(Some(stays)),
                After::Clear => act.emit(Action::ClearLog),
                After::Mute(id) => act.emit(Action::Mute {
                    id,
                    muted: !muted.contains(&id),
                }),
                After::Help => onpanel.emit(Panel::Help),
                After::Invite => onpanel.emit(Panel::Invite),
                After::Export => onpanel.emit(Panel::Export),
                After::Search(wanted) => onsearch.emit(wanted),
                After::Remove(id) => onpanel.emit(Panel::Remove(id)),
                After::Verify(id) => onpanel.emit(Panel::Verify(id)),
                After::Leap => onpanel.emit(Panel::Leap),
                After::Purge => onpanel.emit(Panel::Purge),
                After::File => attach(&area),
            }
            if let Some(element) = area.cast::<HtmlElement>() {
                let _ = element.focus();
            }
        })
    };
    let onkeydown = {
        let (send, suggestions, take) = (send.clone(), suggestions.clone(), take.clone());
        let (people, log, act, draft) = (people.clone(), log.clone(), act.clone(), draft.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() || event.key_code() == 229 {
                return;
            }
            let open = (*suggestions).clone();
            let done = match (event.key().as_str(), open) {
                ("Enter" | "Tab", Some((_, chosen))) if !event.shift_key() => {
                    take.emit(chosen);
                    true
                }
                ("ArrowDown" | "ArrowUp", Some((found, chosen))) => {
                    let step = if event.key() == "ArrowDown" {
                        1
                    } else {
                        found.list.len() - 1
                    };
                    let chosen = (chosen + step) % found.list.len();
                    suggestions.set(Some((found, chosen)));
                    true
                }
                ("Escape", Some(_)) => {
                    suggestions.set(None);
                    true
                }
                ("Enter", None) if !event.shift_key() => {
                    send.emit(());
                    true
                }
                ("Tab", None) if !event.shift_key() => {
                    let element = event.target_unchecked_into::<HtmlTextAreaElement>();
                    let found = complete::name(&before_caret(&element), &people);
                    let is_found = found.is_some();
                    suggestions.set(found.map(|found| (found, 0)));
                    is_found
                }
                ("ArrowUp", None) if draft.is_empty() => {
                    let last = log.last_own();
                    if let Some(line) = last {
                        act.emit(Action::TurnTo(About::Edit(line)));
                    }
                    last.is_some()
                }
                ("Escape", None) if about != About::Nothing => {
                    act.emit(Action::TurnTo(About::Nothing));
                    true
                }
                ("Escape", None) if scope_id.is_some() => {
                    act.emit(Action::SpeakTo(None));
                    true
                }
                _ => false,
            };
            if done {
                event.prevent_default();
            }
        })
    };
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        send.emit(());
    });
    let oncancel = act.reform(|()| Action::TurnTo(About::Nothing));
    let onplain = {
        let is_plain = is_plain.clone();
        Callback::from(move |plain| is_plain.set(plain))
    };
    let ontimeless = props.ontimer.reform(|()| None);
    let toggle_emoji = {
        let picks_emoji = picks_emoji.clone();
        Callback::from(move |_: MouseEvent| picks_emoji.set(!*picks_emoji))
    };
    let close_emoji = {
        let picks_emoji = picks_emoji.clone();
        Callback::from(move |()| picks_emoji.set(false))
    };
    let is_empty = draft.trim().is_empty();
    let note = note(&trouble, draft.len());
    let chosen = suggestions.as_ref().map(|(_, chosen)| row_id(*chosen));
    html! {
        <>
        <form class={classes!("composer", scope.is_some().then_some("is-private"))} {onsubmit}>
            <div class="composer-inner">
                if let Some((found, chosen)) = &*suggestions {
                    { later::suggestions(SuggestionListProps { list: found.list.clone(), chosen: *chosen, onpick: take }) }
                }
                <ComposerAbout {about} timer={props.timer} {oncancel} {ontimeless} />
                <div class="composer-box">
                    <ScopeChip scope={scope.clone()} />
                    <Attach />
                    <div class="composer-grow">
                        <div class="composer-mirror" aria-hidden="true">{ (*draft).clone() }{ "\u{a0}" }</div>
                        <textarea
                            ref={area.clone()}
                            class="composer-text"
                            aria-label={words.message}
                            placeholder={placeholder(scope.as_ref().map(|scope| scope.name.as_str()))}
                            rows="1"
                            dir="auto"
                            enterkeyhint="send"
                            autocomplete="off"
                            aria-autocomplete="list"
                            aria-controls={suggestions.is_some().then_some(LIST)}
                            aria-activedescendant={chosen}
                            value={(*draft).clone()}
                            {oninput}
                            {onkeydown}
                        />
                    </div>
                    <IconButton glyph={Glyph::Smile} label={talk().emoji} expanded={Some(*picks_emoji)} onclick={toggle_emoji} />
                    <button class="send" type="submit" aria-label={words.send} title={words.send} aria-disabled={is_empty.then_some("true")}>
                        { icon(Glyph::Send) }
                    </button>
                </div>
                <FormatBar area={area.clone()} draft={(*draft).clone()} is_plain={*is_plain} {onplain} />
                <p class={classes!("composer-note", (draft.len() > MESSAGE_LIMIT || trouble.is_some()).then_some("is-over"))} role="status">{ note }</p>
            </div>
        </form>
        // Outside: Enter in its search field must not send what stands in the other one.
        if *picks_emoji {
            { later::emoji(EmojiPanelProps { onpick: insert, onclose: close_emoji }) }
        }
        </>
    }
}

/// Presses the paperclip beside the text field.
fn attach(area: &NodeRef) {
    let clip = area.cast::<HtmlElement>().and_then(|area| {
        let form = area.closest("form").ok()??;
        form.query_selector(".attach").ok()?
    });
    if let Some(clip) = clip {
        clip.unchecked_into::<HtmlElement>().click();
    }
}

fn placeholder(name: Option<&str>) -> String {
    match name {
        Some(name) => fill(talk().write_to, &[("name", name)]),
        None => words().write_placeholder.to_owned(),
    }
}

fn note(trouble: &Option<String>, bytes: usize) -> String {
    let words = words();
    match (trouble, MESSAGE_LIMIT.checked_sub(bytes)) {
        (Some(sentence), _) => sentence.clone(),
        (None, None) => fill(
            words.too_long,
            &[("n", &(bytes - MESSAGE_LIMIT).to_string())],
        ),
        (None, Some(rest)) if rest <= NEAR => count(rest, words.room_left_one, words.room_left),
        (None, Some(_)) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{MESSAGE_LIMIT, NEAR, note};

    #[test]
    fn the_counter_shows_only_near_the_limit() {
        assert_eq!(note(&None, MESSAGE_LIMIT - NEAR - 1), "");
        assert!(note(&None, MESSAGE_LIMIT - 10).contains("10"));
        assert!(note(&None, MESSAGE_LIMIT + 7).contains('7'));
    }

    #[test]
    fn a_sentence_from_the_session_comes_first() {
        assert_eq!(note(&Some("No.".to_owned()), MESSAGE_LIMIT + 1), "No.");
    }
}
