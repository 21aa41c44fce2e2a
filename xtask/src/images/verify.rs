//! What must hold of every image before anybody is given it.

use anyhow::{Result, ensure};
use nix::unistd::Uid;
use serde_json::Value;

use super::buildah::Buildah;
use super::settings::{self, Environment};

/// A number, so that a node can tell that it is not root; and the group whose rights every user of `OpenShift` has.
const USER: &str = "1001:0";
/// Folders that must be writable beside the home, apart by blanks.
const WRITABLE: &str = "mlops.writable";
/// Parts of names whose values are for nobody to see.
const SECRET: [&str; 5] = ["CREDENTIAL", "PASSWORD", "PRIVATE_KEY", "SECRET", "TOKEN"];
/// A user that no image knows: `OpenShift` gives such a one to every namespace.
const ANY_USER: &str = "1000660000:0";
/// The same for who is not root, and so has only some 65,000 users to run containers as.
const ANY_MAPPED_USER: &str = "60000:0";
/// Prints the folders that cannot be written to.
const TRY_TO_WRITE: &str = r#"for folder do test -d "$folder" && test -w "$folder" || echo "$folder"; done"#;

/// Fails with all that is wrong with the image `name`.
pub(super) fn verify(name: &str, buildah: &Buildah, environment: &Environment) -> Result<()> {
    let configuration = buildah.configuration(name)?;
    let mut problems = problems_of(&configuration, environment);
    let user = if Uid::effective().is_root() {
        ANY_USER
    } else {
        ANY_MAPPED_USER
    };
    let folders = writable(&configuration);
    let mut command = vec!["/bin/sh", "-c", TRY_TO_WRITE, "sh"];
    command.extend(folders.iter().map(String::as_str));
    for folder in buildah.run(name, user, &command)?.lines() {
        problems.push(format!("the user {user} cannot write to {folder}"));
    }
    ensure!(
        problems.is_empty(),
        "the image is not fit for use: {}",
        problems.join("; ")
    );
    Ok(())
}

fn problems_of(configuration: &Value, environment: &Environment) -> Vec<String> {
    let mut problems = Vec::new();
    let user = configuration["config"]["User"].as_str().unwrap_or_default();
    if user != USER {
        problems.push(format!(
            "it runs as the user {user:?}: its last `USER` must be {USER}"
        ));
    }
    for name in variables(configuration).map(|(name, _)| name) {
        if SECRET.iter().any(|part| name.to_ascii_uppercase().contains(part)) {
            problems.push(format!(
                "its variable {name} looks like a secret, which belongs into the pod"
            ));
        }
    }
    // As text: the history of a command is as public as a variable.
    let text = configuration.to_string();
    if text.split("://").skip(1).any(has_password) {
        problems.push("its configuration or history holds an address with a password".to_owned());
    }
    if settings::addresses(environment)
        .iter()
        .any(|address| text.contains(address))
    {
        problems.push("its configuration or history holds an address of this network".to_owned());
    }
    problems
}

/// Whether what follows `://` begins with `user:password@`.
fn has_password(rest: &str) -> bool {
    let authority = rest.split(['/', ' ', '"', '\'', '\\']).next().unwrap_or_default();
    authority
        .rsplit_once('@')
        .is_some_and(|(user, _)| user.contains(':'))
}

fn variables(configuration: &Value) -> impl Iterator<Item = (&str, &str)> {
    let variables = configuration["config"]["Env"].as_array().into_iter().flatten();
    variables.filter_map(|variable| variable.as_str()?.split_once('='))
}

fn writable(configuration: &Value) -> Vec<String> {
    let home = variables(configuration).find(|(name, _)| *name == "HOME");
    let home = home.map(|(_, folder)| folder);
    let label = configuration["config"]["Labels"][WRITABLE].as_str();
    let others = label.unwrap_or_default().split_whitespace();
    home.into_iter().chain(others).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problems(configuration: &Value) -> String {
        let address = (
            "PIP_INDEX_URL".to_owned(),
            "https://mirror.example/simple".to_owned(),
        );
        problems_of(configuration, &Environment::from([address])).join("\n")
    }

    #[test]
    fn a_numeric_user_and_plain_variables_are_fine() {
        let configuration = json!({
            "config": { "User": "1001:0", "Env": ["PATH=/bin", "HOME=/tmp"] },
            "history": [{ "created_by": "RUN curl https://example.org/a@b:c" }],
        });
        assert_eq!(problems(&configuration), "");
    }

    #[test]
    fn other_users_are_refused() {
        for user in ["", "root", "1001", "0:0", "app:0"] {
            let found = problems(&json!({ "config": { "User": user } }));
            assert!(found.contains("must be 1001:0"), "{user}: {found}");
        }
    }

    #[test]
    fn secrets_and_addresses_are_found_wherever_they_are() {
        let with = |variable: &str, command: &str| {
            problems(&json!({
                "config": { "User": "1001:0", "Env": [variable] },
                "history": [{ "created_by": command }],
            }))
        };
        assert!(with("Api_Token=1", "").contains("its variable Api_Token"));
        assert!(with("A=https://user:word@example.org", "").contains("with a password"));
        assert!(with("A=1", "RUN pip -i \"https://user:word@example.org/\"").contains("with a password"));
        assert!(with("A=1", "RUN pip -i https://mirror.example/simple").contains("of this network"));
    }

    #[test]
    fn the_home_and_what_the_label_names_must_be_writable() {
        let configuration =
            json!({ "config": { "Env": ["HOME=/tmp"], "Labels": { WRITABLE: "/logs /data" } } });
        assert_eq!(writable(&configuration), ["/tmp", "/logs", "/data"]);
        assert_eq!(writable(&json!({ "config": {} })), Vec::<String>::new());
    }
}
