//! Agreement with kubectl, case by case, and the errors that are ours.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Document, YamlProblem, expand_lists, parse_documents};

/// What kubectl's reader (k8s.io/apimachinery 0.35.4 on sigs.k8s.io/yaml 1.6.0) makes of a text.
#[derive(Deserialize)]
struct Case {
    name: String,
    yaml: String,
    #[serde(default)]
    documents: Vec<Value>,
    error: Option<String>,
    /// Set when its strict mode refuses a key that is given twice.
    duplicate: Option<String>,
}

/// Texts that kubectl's own splitting or scanner refuses although they are plain YAML 1.2.
const WE_ALSO_READ: &[&str] = &[
    r#"scalar "\x41\u00e9\n\t\/\"""#,
    r#"scalar "\ud83d\ude00""#,
    "inline doc",
    "directive",
    "tag directive",
    "u64 key",
    "dash dash dash text",
    "alias colon",
];

/// Texts that kubectl takes and that are refused here: keys that collide or lose digits, and a line break of YAML 1.1.
const WE_REFUSE: &[&str] = &["big float key", "same after conversion", "nel"];

#[test]
fn reads_as_kubectl_reads() {
    let table: Vec<Case> = serde_json::from_str(include_str!("kubectl-table.json")).unwrap();
    assert!(table.len() > 300, "the table has shrunk to {} cases", table.len());
    let mut disagreements = Vec::new();
    for case in table {
        let Case {
            name,
            yaml,
            documents,
            error,
            duplicate,
        } = case;
        let ours = parse_documents("test", &yaml);
        let values = ours.as_ref().map(|found| {
            found
                .iter()
                .map(|document| document.value.clone())
                .collect::<Vec<_>>()
        });
        let agrees = if WE_ALSO_READ.contains(&name.as_str()) {
            error.is_some() && values.is_ok()
        } else if WE_REFUSE.contains(&name.as_str()) {
            error.is_none() && values.is_err()
        } else {
            let merged = duplicate.is_none() || yaml.contains("<<");
            match &values {
                Ok(values) => error.is_none() && merged && *values == documents,
                Err(_) => error.is_some() || duplicate.is_some(),
            }
        };
        if !agrees {
            disagreements.push(format!(
                "{name}: {yaml:?}\n  kubectl: {documents:?} {error:?} {duplicate:?}\n  ours: {ours:?}"
            ));
        }
    }
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
}

fn problem(text: &str) -> (usize, usize, YamlProblem) {
    let error = parse_documents("test.yaml", text).unwrap_err();
    (error.line(), error.column(), error.problem().clone())
}

#[test]
fn errors_name_the_place_and_quote_the_line() {
    let error = parse_documents("deploy.yaml", "metadata:\n  name: a\n  name: b\n").unwrap_err();
    let wanted = "deploy.yaml:3:3: the key `name` is given twice; it stands first on line 2. Keep one of them\n\
                  3 |   name: b\n  |   ^";
    assert_eq!(error.to_string(), wanted);
    assert_eq!(error.source_name(), "deploy.yaml");
}

#[test]
fn a_long_line_is_quoted_around_its_column() {
    let text = format!("{{a: 1, {}, a: 2}}", "x".repeat(400));
    let shown = parse_documents("test.yaml", &text).unwrap_err().to_string();
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[1].len() < 110, "{shown}");
    let caret = lines[2].find('^').unwrap();
    assert_eq!(&lines[1][caret..], "a: 2}");
}

#[test]
fn syntax_errors_have_a_place() {
    let (line, column, problem) = problem("a: 1\nb: [1, 2\nc: 3\n");
    assert_eq!(line, 3, "{problem}");
    assert!(column >= 1);
    assert!(matches!(problem, YamlProblem::Syntax(_)));
}

#[test]
fn templates_are_told_from_mappings() {
    for text in [
        "a: {{ .Values.x }}\n",
        "a: {{ include \"x\" . }}\n",
        "a: {{- if x }}\n",
    ] {
        assert_eq!(problem(text).2, YamlProblem::Template, "{text}");
    }
}

#[test]
fn places_of_values_and_keys() {
    assert!(matches!(
        problem("a: 1\nb: .nan\n"),
        (2, 4, YamlProblem::NotFinite { .. })
    ));
    assert!(matches!(problem("a:\n  ~: 1\n"), (2, 3, YamlProblem::Key { .. })));
    assert!(matches!(
        problem("a:\n  <<: 1\n"),
        (2, 7, YamlProblem::Merge { found: "a scalar" })
    ));
    assert!(matches!(
        problem("a: !!int x\n"),
        (1, 10, YamlProblem::Tag { .. })
    ));
    assert!(matches!(
        problem("a: &a [*a]\n"),
        (1, 8, YamlProblem::RecursiveAlias)
    ));
    assert!(matches!(
        problem("a: !!binary /w==\n"),
        (1, 13, YamlProblem::Binary)
    ));
}

#[test]
fn aliases_cannot_grow_without_bound() {
    let first = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    let levels = (1..9).map(|level| {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        format!("a{level}: &a{level} [{aliases}]\n")
    });
    let text: String = std::iter::once(first).chain(levels).collect();
    assert!(matches!(problem(&text).2, YamlProblem::Expansion { .. }));
}

#[test]
fn documents_know_their_line() {
    let documents = parse_documents("test", "# a\n---\na: 1\n---\n\n# b\nb: 2\n").unwrap();
    assert_eq!(
        documents.iter().map(|document| document.line).collect::<Vec<_>>(),
        [3, 7]
    );
}

fn list(value: Value) -> Vec<Document> {
    vec![Document { value, line: 4 }]
}

#[test]
fn lists_are_taken_apart() {
    let item = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}});
    let inner = json!({"apiVersion": "v1", "kind": "List", "items": [item]});
    let expanded = expand_lists(list(
        json!({"apiVersion": "v1", "kind": "List", "items": [item, inner]}),
    ))
    .unwrap();
    assert_eq!(
        expanded,
        [
            Document {
                value: item.clone(),
                line: 4
            },
            Document {
                value: item.clone(),
                line: 4
            }
        ]
    );

    let bare = json!({"metadata": {"name": "a"}});
    let typed = json!({"apiVersion": "v1", "kind": "ConfigMapList", "metadata": {}, "items": [bare]});
    assert_eq!(expand_lists(list(typed)).unwrap()[0].value, item);

    let custom =
        json!({"apiVersion": "x.org/v1", "kind": "AllowList", "metadata": {"name": "a"}, "items": []});
    assert_eq!(expand_lists(list(custom.clone())).unwrap()[0].value, custom);

    for items in [json!({}), json!("x"), json!([1])] {
        expand_lists(list(json!({"apiVersion": "v1", "kind": "List", "items": items}))).unwrap_err();
    }
}
