//! The app's entry: a readable page should anything break, then the app.

use roomkey_web::app::App;

fn main() {
    roomkey_web::broken::watch();
    if let Some(root) = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("app"))
    {
        root.set_text_content(None);
        yew::Renderer::<App>::with_root(root).render();
    }
}
