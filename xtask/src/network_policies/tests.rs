//! Each case is one that Kubernetes decides in a way which is easily got wrong.

use serde_json::json;

use super::*;

fn policies(specs: &[Value]) -> Result<Policies> {
    let objects: Vec<Value> = specs
        .iter()
        .map(|spec| json!({"kind": "NetworkPolicy", "metadata": {"namespace": "team", "name": "p"}, "spec": spec}))
        .collect();
    Policies::read(&objects)
}

fn pod(namespace: &str, app: &str) -> Result<Pod> {
    let containers = json!([{"ports": [{"name": "http", "containerPort": 80}]}]);
    Pod::read(
        namespace,
        &json!({"metadata": {"labels": {"app": app}}, "spec": {"containers": containers}}),
    )
}

#[test]
fn who_has_no_policy_is_free() -> Result<()> {
    let policies = policies(&[])?;
    assert!(policies.allow(&pod("team", "a")?, &pod("team", "b")?, Protocol::Udp, 1));
    Ok(())
}

#[test]
fn a_policy_without_rules_refuses_all_in_its_direction_alone() -> Result<()> {
    let policies =
        policies(&[json!({"podSelector": {"matchLabels": {"app": "a"}}, "policyTypes": ["Ingress"]})])?;
    let (a, b) = (pod("team", "a")?, pod("team", "b")?);
    assert!(!policies.allow(&b, &a, Protocol::Tcp, 80));
    assert!(policies.allow(&a, &b, Protocol::Tcp, 80));
    Ok(())
}

#[test]
fn both_ends_must_agree() -> Result<()> {
    let out = json!({"podSelector": {"matchLabels": {"app": "a"}}, "policyTypes": ["Egress"],
        "egress": [{"to": [{"podSelector": {"matchLabels": {"app": "b"}}}], "ports": [{"port": 80}]}]});
    let none = json!({"podSelector": {"matchLabels": {"app": "b"}}, "policyTypes": ["Ingress"]});
    let (a, b) = (pod("team", "a")?, pod("team", "b")?);
    assert!(policies(std::slice::from_ref(&out))?.allow(&a, &b, Protocol::Tcp, 80));
    assert!(!policies(&[out, none])?.allow(&a, &b, Protocol::Tcp, 80));
    Ok(())
}

#[test]
fn labels_mean_pods_of_the_policys_own_namespace() -> Result<()> {
    let policies = policies(&[json!({"podSelector": {}, "policyTypes": ["Ingress"],
        "ingress": [{"from": [{"podSelector": {}}]}]})])?;
    let server = pod("team", "a")?;
    assert!(policies.allow(&pod("team", "b")?, &server, Protocol::Tcp, 80));
    assert!(!policies.allow(&pod("elsewhere", "b")?, &server, Protocol::Tcp, 80));
    assert!(policies.allow(&server, &pod("elsewhere", "b")?, Protocol::Tcp, 80));
    Ok(())
}

#[test]
fn a_port_is_a_number_or_the_destinations_name_and_of_one_protocol() -> Result<()> {
    let policies = policies(&[
        json!({"podSelector": {"matchLabels": {"app": "a"}}, "policyTypes": ["Ingress"],
        "ingress": [{"ports": [{"port": "http"}, {"port": 53, "protocol": "UDP"}]}]}),
    ])?;
    let (a, b) = (pod("team", "a")?, pod("team", "b")?);
    let allowed = |protocol, port| policies.allow(&b, &a, protocol, port);
    assert!(allowed(Protocol::Tcp, 80) && allowed(Protocol::Udp, 53));
    assert!(!allowed(Protocol::Udp, 80) && !allowed(Protocol::Tcp, 53));
    Ok(())
}

#[test]
fn what_is_not_understood_is_an_error() {
    for peer in [
        json!({"namespaceSelector": {}}),
        json!({"ipBlock": {"cidr": "192.0.2.0/24"}}),
        json!({"podSelector": {"matchExpressions": []}}),
    ] {
        let spec = json!({"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"from": [peer]}]});
        let error = policies(&[spec]).map_err(|error| error.to_string()).err();
        assert!(
            error.is_some_and(|error| error.contains("not understood")),
            "{peer}"
        );
    }
}
