//! Sounds, made on the spot: no file, no request.

use std::cell::RefCell;

use wasm_bindgen::JsValue;
use web_sys::{AudioContext, OscillatorType};

use super::News;
use crate::state::Volume;

/// How long one tone takes, in seconds.
const TONE: f64 = 0.11;

/// The browser's sound machine, made when the first sound is wanted.
#[derive(Default)]
pub(super) struct Sounds(RefCell<Option<AudioContext>>);

impl Sounds {
    /// Plays what belongs to this piece of news.
    pub(super) fn play(&self, news: News, volume: Volume) {
        if volume == Volume::Off {
            return;
        }
        // A browser that wants a click first stays silent.
        let _ = self.tones(tones(news), volume.gain());
    }

    fn tones(&self, tones: &[f32], gain: f32) -> Result<(), JsValue> {
        let mut place = self.0.borrow_mut();
        let context = match &mut *place {
            Some(context) => context,
            empty => empty.insert(AudioContext::new()?),
        };
        let _ = context.resume()?;
        for (index, tone) in tones.iter().enumerate() {
            let begins = context.current_time() + TONE * index as f64;
            let (source, loudness) = (context.create_oscillator()?, context.create_gain()?);
            source.set_type(OscillatorType::Sine);
            source.frequency().set_value(*tone);
            // In and out softly: a tone that is cut clicks.
            loudness.gain().set_value_at_time(0.0, begins)?;
            loudness
                .gain()
                .linear_ramp_to_value_at_time(gain, begins + 0.02)?;
            loudness
                .gain()
                .linear_ramp_to_value_at_time(0.0, begins + TONE)?;
            source.connect_with_audio_node(&loudness)?;
            loudness.connect_with_audio_node(&context.destination())?;
            source.start_with_when(begins)?;
            source.stop_with_when(begins + TONE)?;
        }
        Ok(())
    }
}

/// The tones of each, in hertz: told apart without looking.
fn tones(news: News) -> &'static [f32] {
    match news {
        News::Arrival => &[392.0, 523.3],
        News::Message => &[587.3],
        News::Mention => &[587.3, 784.0],
        News::Private => &[784.0, 587.3, 784.0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_news_sounds_different() {
        let all = [News::Arrival, News::Message, News::Mention, News::Private];
        for one in all {
            for other in all {
                assert_eq!(tones(one) == tones(other), one == other);
            }
        }
    }
}
