//! Times for people: hours, days, countdowns.

use std::time::Duration;

use yew::prelude::*;

/// A moment in the reader's own time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Days since the Unix epoch, local: two moments of one day have the same number.
    pub day: i64,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

/// Splits a wall-clock time into the reader's day, hour and minute.
pub fn local(wall: Duration) -> Moment {
    let minutes = i64::try_from(wall.as_secs() / 60).unwrap_or(i64::MAX / 2) + minutes_east(wall);
    let of_day = minutes.rem_euclid(1_440);
    Moment {
        day: minutes.div_euclid(1_440),
        hour: u8::try_from(of_day / 60).unwrap_or_default(),
        minute: u8::try_from(of_day % 60).unwrap_or_default(),
    }
}

/// "14:02".
pub fn hour(wall: Duration) -> String {
    let moment = local(wall);
    format!("{:02}:{:02}", moment.hour, moment.minute)
}

/// "14:02:37".
pub fn exact(wall: Duration) -> String {
    format!("{}:{:02}", hour(wall), wall.as_secs() % 60)
}

/// "42:10", "3:05:00", "2 d 4 h": how long is left.
pub fn left(span: Duration) -> String {
    let seconds = span.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    if days > 0 {
        format!("{days} d {hours} h")
    } else if hours > 0 {
        format!("{hours}:{minutes:02}:{:02}", seconds % 60)
    } else {
        format!("{minutes}:{:02}", seconds % 60)
    }
}

/// "1.4 s": how long something took. Not `{:.1}`: writing floats takes ten kilobytes of code.
pub fn tenths(span: Duration) -> String {
    let tenths = (span.as_millis() + 50) / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

/// "7 min", "3 h": a rough length of time.
pub fn rough(span: Duration) -> String {
    match span.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..7_200 => format!("{} min", seconds / 60),
        seconds @ 7_200..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

/// The wall clock, renewed every second while `is_running`.
#[hook]
pub fn use_now(is_running: bool) -> Duration {
    let now = use_state_eq(wall);
    {
        let now = now.clone();
        use_effect_with(is_running, move |is_running| {
            let tick = is_running.then(|| {
                now.set(wall());
                gloo_timers::callback::Interval::new(1_000, move || now.set(wall()))
            });
            move || drop(tick)
        });
    }
    *now
}

/// The wall clock.
#[cfg(target_arch = "wasm32")]
pub fn wall() -> Duration {
    Duration::from_millis(js_sys::Date::now() as u64)
}

#[cfg(target_arch = "wasm32")]
fn minutes_east(wall: Duration) -> i64 {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(wall.as_millis() as f64));
    -(date.get_timezone_offset() as i64)
}

/// "Friday, 20 November", in the reader's own language and order.
#[cfg(target_arch = "wasm32")]
pub fn date(wall: Duration) -> String {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(wall.as_millis() as f64));
    let options = js_sys::Object::new();
    for (key, value) in [("weekday", "long"), ("day", "numeric"), ("month", "long")] {
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    }
    date.to_locale_date_string("default", &options).into()
}

/// Tests on the host live in the first second of 1970, in Greenwich.
#[cfg(not(target_arch = "wasm32"))]
pub fn wall() -> Duration {
    Duration::ZERO
}

#[cfg(not(target_arch = "wasm32"))]
fn minutes_east(_wall: Duration) -> i64 {
    0
}

/// See the version for browsers.
#[cfg(not(target_arch = "wasm32"))]
pub fn date(wall: Duration) -> String {
    format!("day {}", local(wall).day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{hour, left, local, rough, tenths};

    #[test]
    fn an_hour_is_written_with_two_digits_each() {
        assert_eq!(hour(Duration::from_secs(9 * 3_600 + 5 * 60)), "09:05");
    }

    #[test]
    fn days_change_at_midnight() {
        assert_eq!(local(Duration::from_secs(86_399)).day, 0);
        assert_eq!(local(Duration::from_secs(86_400)).day, 1);
    }

    #[test]
    fn what_is_left_gets_coarser_the_longer_it_is() {
        assert_eq!(left(Duration::from_secs(65)), "1:05");
        assert_eq!(left(Duration::from_secs(3_605)), "1:00:05");
        assert_eq!(left(Duration::from_secs(90_000)), "1 d 1 h");
    }

    #[test]
    fn what_took_a_while_is_rounded_to_tenths() {
        assert_eq!(tenths(Duration::from_millis(1_449)), "1.4 s");
        assert_eq!(tenths(Duration::from_millis(2_950)), "3.0 s");
    }

    #[test]
    fn rough_spans_have_one_unit() {
        assert_eq!(rough(Duration::from_secs(7 * 60 + 9)), "7 min");
        assert_eq!(rough(Duration::from_secs(3 * 3_600)), "3 h");
    }
}
