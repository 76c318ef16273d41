//! A note that is spoken: the microphone is on for as long as this says so.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use super::button::{Button, Weight};
use super::clock::{hour, left, use_now, wall};
use super::icon::Glyph;
use crate::voice::{LONGEST, NoVoice, Voice};
use crate::words::{FileWords, files, fill};

/// What [`VoiceNote`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct VoiceNoteProps {
    /// A note was spoken.
    pub ondone: Callback<Vec<File>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Idle,
    /// The browser asks the person.
    Asking,
    /// Since then, by this device's clock.
    Recording(Duration),
    Failed(NoVoice),
}

/// The recording, or where it will be once the browser has given it. What is dropped lets the microphone go.
type Desk = Rc<RefCell<Option<Voice>>>;

/// A button; once it was pressed, what is going on, and the ways to end it.
#[component]
pub fn VoiceNote(props: &VoiceNoteProps) -> Html {
    let words = files();
    let stage = use_state_eq(|| Stage::Idle);
    let desk = use_memo((), |()| Desk::default());
    let limit = use_mut_ref(|| None::<Timeout>);
    let is_recording = matches!(*stage, Stage::Recording(_));
    let now = use_now(is_recording);
    let begin = {
        let (stage, limit) = (stage.clone(), limit.clone());
        let ondone = props.ondone.clone();
        // Not held by what waits for the browser: a sheet that was closed meanwhile records nothing.
        let desk = Rc::downgrade(&desk);
        Callback::from(move |_: MouseEvent| {
            stage.set(Stage::Asking);
            let (stage, limit, desk) = (stage.clone(), limit.clone(), desk.clone());
            let done = {
                let (stage, limit, desk) = (stage.clone(), limit.clone(), desk.clone());
                ondone.reform(move |file: File| {
                    limit.take();
                    if let Some(desk) = desk.upgrade() {
                        // Not from within its own listener.
                        let voice = desk.take();
                        spawn_local(async move { drop(voice) });
                    }
                    stage.set(Stage::Idle);
                    vec![file]
                })
            };
            let time = hour(wall()).replace(':', ".");
            let name = fill(words.voice_name, &[("time", &time)]);
            spawn_local(async move {
                let voice = Voice::start(name, done).await;
                let Some(desk) = desk.upgrade() else { return };
                match voice {
                    Ok(voice) => {
                        desk.replace(Some(voice));
                        let ends = Rc::downgrade(&desk);
                        let longest = u32::try_from(LONGEST.as_millis()).unwrap_or(u32::MAX);
                        limit.replace(Some(Timeout::new(longest, move || {
                            if let Some(desk) = ends.upgrade() {
                                stop(&desk);
                            }
                        })));
                        stage.set(Stage::Recording(wall()));
                    }
                    Err(why) => stage.set(Stage::Failed(why)),
                }
            });
        })
    };
    let finish = {
        let desk = Rc::clone(&desk);
        Callback::from(move |_: MouseEvent| stop(&desk))
    };
    let cancel = {
        let (stage, desk) = (stage.clone(), Rc::clone(&desk));
        Callback::from(move |_: MouseEvent| {
            limit.take();
            desk.take();
            stage.set(Stage::Idle);
        })
    };
    match *stage {
        Stage::Recording(since) => html! {
            <div class="voice" role="group" aria-label={words.voice_on}>
                <span class="voice-light" aria-hidden="true"></span>
                <span class="voice-text">
                    <span role="status">{ words.voice_on }</span>{ " " }
                    <span class="nowrap" role="timer">{ left(now.saturating_sub(since)) }{ " / " }{ left(LONGEST) }</span>
                </span>
                <Button class="button-small" weight={Weight::Primary} glyph={Glyph::Check} onclick={finish}>{ words.voice_done }</Button>
                <Button class="button-small" weight={Weight::Quiet} onclick={cancel}>{ words.voice_cancel }</Button>
            </div>
        },
        other => html! {
            <>
                <Button glyph={Glyph::Speak} onclick={begin}>{ words.voice }</Button>
                if let Some(sentence) = said(words, other) {
                    <p class="attach-hint voice-said" role="status">{ sentence }</p>
                }
            </>
        },
    }
}

fn stop(desk: &Desk) {
    if let Some(voice) = &*desk.borrow() {
        voice.stop();
    }
}

fn said(words: &FileWords, stage: Stage) -> Option<&'static str> {
    match stage {
        Stage::Idle | Stage::Recording(_) => None,
        Stage::Asking => Some(words.voice_asking),
        Stage::Failed(NoVoice::Refused) => Some(words.voice_refused),
        Stage::Failed(NoVoice::NoMicrophone) => Some(words.voice_none),
        Stage::Failed(NoVoice::Unable) => Some(words.voice_unable),
    }
}
