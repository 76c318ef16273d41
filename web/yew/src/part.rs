//! One component for all function components.

use std::any::{Any, TypeId};
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use upstream::Properties;
use upstream::functional::{FunctionComponent, FunctionProvider, HookContext};
use upstream::html::{BaseComponent, Context, Html, HtmlResult};
use upstream::virtual_dom::{Key, VComp, VNode};

/// A function component together with its properties, its type forgotten.
trait Drawn: Any {
    fn draw(&self, hooks: &mut HookContext) -> HtmlResult;
    fn is_same(&self, other: &dyn Any) -> bool;
}

struct Of<C: FunctionProvider>(C::Properties);

impl<C: FunctionProvider + 'static> Drawn for Of<C> {
    fn draw(&self, hooks: &mut HookContext) -> HtmlResult {
        C::run(hooks, &self.0)
    }

    fn is_same(&self, other: &dyn Any) -> bool {
        other
            .downcast_ref::<Self>()
            .is_some_and(|other| self.0 == other.0)
    }
}

/// What `html!` makes of `<Name … />`.
pub struct VChild<C>(PhantomData<C>);

impl<C> fmt::Debug for VChild<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VChild<_>")
    }
}

impl<C: FunctionProvider + 'static> VChild<C> {
    /// The node of a function component. A node, not a `VChild`: everything that `html!` does with
    /// it next can be done with a node.
    #[expect(clippy::new_ret_no_self, reason = "`html!` calls it by this name")]
    pub fn new(props: C::Properties, key: Option<Key>) -> VNode {
        node(Rc::new(Of::<C>(props)), key)
    }
}

fn node(drawn: Rc<dyn Drawn>, key: Option<Key>) -> VNode {
    VComp::new::<Part>(Rc::new(PartProps { drawn }), key).into()
}

/// What [`Part`] takes.
#[derive(Properties)]
struct PartProps {
    drawn: Rc<dyn Drawn>,
}

impl PartProps {
    fn kind(&self) -> TypeId {
        let drawn: &dyn Any = &*self.drawn;
        drawn.type_id()
    }
}

impl PartialEq for PartProps {
    fn eq(&self, other: &Self) -> bool {
        self.drawn.is_same(&*other.drawn)
    }
}

/// Draws whichever function component it is given.
struct Part {
    function: FunctionComponent<Self>,
    /// Another component took this place. Its predecessor's elements have to go first, so nothing
    /// is drawn once: new elements start with a fresh scroll position, focus and text.
    is_blank: bool,
}

impl FunctionProvider for Part {
    type Properties = PartProps;

    fn run(hooks: &mut HookContext, props: &Self::Properties) -> HtmlResult {
        props.drawn.draw(hooks)
    }
}

impl BaseComponent for Part {
    type Message = ();
    type Properties = PartProps;

    fn create(ctx: &Context<Self>) -> Self {
        Self {
            function: FunctionComponent::new(ctx),
            is_blank: false,
        }
    }

    fn update(&mut self, _ctx: &Context<Self>, (): ()) -> bool {
        true
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &PartProps) -> bool {
        if ctx.props().kind() != old.kind() {
            self.function.destroy();
            self.function = FunctionComponent::new(ctx);
            self.is_blank = true;
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> HtmlResult {
        if self.is_blank {
            return Ok(Html::default());
        }
        self.function.render(ctx.props())
    }

    fn rendered(&mut self, ctx: &Context<Self>, _first_render: bool) {
        if self.is_blank {
            self.is_blank = false;
            ctx.link().send_message(());
        } else {
            self.function.rendered();
        }
    }

    fn destroy(&mut self, _ctx: &Context<Self>) {
        self.function.destroy();
    }

    fn prepare_state(&self) -> Option<String> {
        None
    }
}
