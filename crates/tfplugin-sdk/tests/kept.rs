//! What core does on its own account, rules 10 and 41: a provider that counts on anything else fails.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value as Json, json};
use tfplugin_sdk::model::Required;
use tfplugin_sdk::rules::Action;
use tfplugin_sdk::testing::{Error, InProcess, Lifecycle, proto};
use tfplugin_sdk::{
    Change, Context, Diagnostic, Diagnostics, Failure, Offer, Plan, Planned, Private, Provider, Resource,
};

/// Keeps files.
#[derive(Clone, Provider)]
#[provider(name = "clerk")]
struct Clerk {}

impl Provider for Clerk {
    type Client = ();

    async fn configure(self) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn offer(offer: &mut Offer<()>) {
        offer.resource::<File>().plan();
    }
}

/// A file.
#[derive(Clone, Resource)]
#[resource(name = "file")]
struct File {
    /// What it is called. Changing it makes another one.
    #[attr(replace)]
    name: Required<String>,
    /// What its clerk does wrong.
    fault: Required<String>,
    /// How many pages it has.
    pages: Required<i64>,
}

impl File {
    fn has(&self, fault: &str) -> bool {
        self.fault.get().is_some_and(|text| text == fault)
    }
}

fn lost() -> Diagnostic {
    Diagnostic::error("The file's number is lost", "It was in private data.")
}

impl Resource for File {
    type Client = ();

    async fn create(context: &mut Context<()>, planned: Self, _: Self) -> Result<Self, Failure<Self>> {
        // What the plan has left there.
        if context.private.text("number") != Some("planned") {
            return Err(lost().into());
        }
        context.private.set("number", "created");
        Ok(planned)
    }

    async fn read(context: &mut Context<()>, state: Self) -> Result<Option<Self>, Diagnostics> {
        if state.has("forgetful") {
            context.private = Private::default();
        }
        Ok(Some(state))
    }

    async fn update(
        context: &mut Context<()>,
        _: Self,
        planned: Self,
        _: Self,
    ) -> Result<Self, Failure<Self>> {
        match context.private.text("number") {
            Some("created") => Ok(planned),
            _ => Err(lost().into()),
        }
    }

    async fn delete(_: &mut Context<()>, _: Self) -> Result<(), Failure<Self>> {
        Ok(())
    }
}

impl Plan for File {
    async fn plan(context: &mut Context<()>, change: Change<Self>) -> Result<Planned<Self>, Diagnostics> {
        let Change {
            prior, mut proposed, ..
        } = change;
        // Clerks do not tell capitals from small letters.
        let small = |file: &Self| file.name.get().map(|name| name.to_lowercase());
        if let Some(prior) = prior.as_ref().filter(|prior| small(prior) == small(&proposed)) {
            proposed.name = prior.name.clone();
        }
        if prior.is_none() {
            if proposed.has("clinging") {
                return Err(Diagnostic::error("There is no prior file", "There always was one.").into());
            }
            context.private.set("number", "planned");
        }
        Ok(proposed.into())
    }
}

fn file(name: &str, fault: &str, pages: i64) -> Json {
    json!({"name": name, "fault": fault, "pages": pages})
}

async fn filed(fault: &str) -> Result<Lifecycle, Error> {
    let client = InProcess::<Clerk>::start().await?.client().clone();
    client.configure(&json!({})).await?;
    let mut life = Lifecycle::new(&client, "clerk_file");
    // Faults begin with the second version.
    life.create(&file("a", if fault == "clinging" { "none" } else { fault }, 1))
        .await?;
    Ok(life)
}

#[tokio::test]
async fn rule_10_a_replacement_is_planned_again_as_if_nothing_were_there() -> Result<(), Error> {
    let mut life = filed("none").await?;
    let plan = life.plan(&file("b", "none", 1)).await?;
    assert_eq!(plan.action, Action::Replace);
    life.apply(&plan).await?;
    life.expect_no_change(&file("b", "none", 1)).await
}

#[tokio::test]
async fn rule_10_a_provider_that_counts_on_what_was_there_fails() -> Result<(), Error> {
    let mut life = filed("clinging").await?;
    // It is there while it is only changed.
    life.update(&file("a", "clinging", 1)).await?;
    let error = life.plan(&file("b", "clinging", 1)).await.unwrap_err();
    assert!(error.to_string().contains("There is no prior file"), "{error}");
    Ok(())
}

#[tokio::test]
async fn rule_41_private_data_goes_from_plan_to_apply_and_through_reads() -> Result<(), Error> {
    let mut life = filed("none").await?;
    life.converge(&file("a", "none", 2)).await?;
    life.converge(&file("a", "none", 3)).await.map(drop)
}

#[tokio::test]
async fn rule_41_private_data_that_a_read_does_not_give_back_is_lost() -> Result<(), Error> {
    let mut life = filed("forgetful").await?;
    let error = life.update(&file("a", "forgetful", 2)).await.unwrap_err();
    assert!(error.to_string().contains("The file's number is lost"), "{error}");
    Ok(())
}

#[tokio::test]
async fn an_attribute_that_its_author_leaves_as_it_was_replaces_nothing() -> Result<(), Error> {
    let client = InProcess::<Clerk>::start().await?.client().clone();
    client.configure(&json!({})).await?;
    let value = |name: &str| {
        Some(proto::DynamicValue {
            json: file(name, "none", 1).to_string().into_bytes().into(),
            ..Default::default()
        })
    };
    for (name, replaced) in [("A", 0), ("b", 1)] {
        let request = proto::PlanResourceChangeRequest {
            type_name: "clerk_file".to_owned(),
            prior_state: value("a"),
            proposed_new_state: value(name),
            config: value(name),
            ..Default::default()
        };
        let answer = client
            .raw()
            .plan_resource_change(request)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(answer.requires_replace.len(), replaced, "{name}: {answer:?}");
    }
    Ok(())
}
