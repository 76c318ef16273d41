//! The microphone, from the moment a person asks for it until they are done: what it hears is a file like any other.

use std::time::Duration;

use gloo_events::EventListener;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    BlobEvent, File, FilePropertyBag, MediaRecorder, MediaRecorderOptions, MediaStream,
    MediaStreamConstraints, MediaStreamTrack,
};
use yew::Callback;

use crate::browser;

/// A note is no longer than this.
pub(crate) const LONGEST: Duration = Duration::from_secs(300);
/// Enough for a voice: five minutes take 1.2 MB.
const BITS_PER_SECOND: u32 = 32_000;
/// What the recorder holds before it gives it away.
const SLICE_MS: i32 = 1_000;
/// How a recording is written, the best first, and the end of its name.
const KINDS: [(&str, &str); 3] = [
    ("audio/webm;codecs=opus", "webm"),
    ("audio/ogg;codecs=opus", "ogg"),
    ("audio/mp4", "m4a"),
];

/// Why nothing is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoVoice {
    /// The person, or the browser for them, said no.
    Refused,
    /// There is no microphone.
    NoMicrophone,
    /// This page may not ask, or the browser cannot record.
    Unable,
}

/// A running recording. When it is dropped, the microphone is let go, and what it heard is gone.
pub(crate) struct Voice {
    stream: MediaStream,
    recorder: MediaRecorder,
    _listeners: [EventListener; 2],
}

impl Voice {
    /// Asks for the microphone and begins. `ondone` gets the note after [`Voice::stop`]; it is called `name` and the ending
    /// of its kind.
    pub(crate) async fn start(name: String, ondone: Callback<File>) -> Result<Self, NoVoice> {
        let devices = browser::window().navigator().media_devices();
        // Pages outside of a secure context have none.
        let devices = devices.ok().filter(|it| !it.is_undefined());
        let devices = devices.ok_or(NoVoice::Unable)?;
        let (kind, ending) = KINDS
            .into_iter()
            .find(|(kind, _)| MediaRecorder::is_type_supported(kind))
            .ok_or(NoVoice::Unable)?;
        let wanted = MediaStreamConstraints::new();
        wanted.set_audio(&JsValue::TRUE);
        let stream = devices.get_user_media_with_constraints(&wanted);
        let stream = JsFuture::from(stream.map_err(|why| reason(&why))?).await;
        let stream: MediaStream = stream.map_err(|why| reason(&why))?.unchecked_into();
        let options = MediaRecorderOptions::new();
        options.set_mime_type(kind);
        options.set_audio_bits_per_second(BITS_PER_SECOND);
        let recorder =
            MediaRecorder::new_with_media_stream_and_media_recorder_options(&stream, &options);
        let recorder = recorder.map_err(|_| NoVoice::Unable)?;
        let pieces = Array::new();
        let heard = {
            let pieces = pieces.clone();
            EventListener::new(&recorder, "dataavailable", move |event| {
                if let Some(piece) = event.unchecked_ref::<BlobEvent>().data() {
                    pieces.push(&piece);
                }
            })
        };
        let stopped = EventListener::new(&recorder, "stop", move |_| {
            let options = FilePropertyBag::new();
            options.set_type(kind.split(';').next().unwrap_or(kind));
            let name = format!("{name}.{ending}");
            let file = File::new_with_blob_sequence_and_options(&pieces, &name, &options);
            if let Ok(file) = file {
                ondone.emit(file);
            }
        });
        let voice = Self {
            stream,
            recorder,
            _listeners: [heard, stopped],
        };
        let begun = voice.recorder.start_with_time_slice(SLICE_MS);
        begun.map_err(|_| NoVoice::Unable)?;
        Ok(voice)
    }

    /// That was it.
    pub(crate) fn stop(&self) {
        // One that has stopped by itself, as when the microphone was unplugged, has said so.
        let _ = self.recorder.stop();
    }
}

impl Drop for Voice {
    fn drop(&mut self) {
        for track in self.stream.get_tracks().iter() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
    }
}

fn reason(error: &JsValue) -> NoVoice {
    let name = Reflect::get(error, &"name".into()).ok();
    match name.and_then(|name| name.as_string()).as_deref() {
        Some("NotAllowedError" | "SecurityError") => NoVoice::Refused,
        Some("NotFoundError" | "NotReadableError") => NoVoice::NoMicrophone,
        _ => NoVoice::Unable,
    }
}
