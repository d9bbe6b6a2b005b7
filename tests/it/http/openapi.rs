//! The description and the service say the same.

use super::people::ASEL;
use crate::world::{
    api::{Answer, Visitor},
    gateway::Gateway,
};
use reqwest::Method;
use serde_json::Value;

#[tokio::test]
async fn every_route_is_described_and_every_described_route_is_there() {
    let gateway = Gateway::start().await;
    let visitor = Visitor::log_in(&gateway, ASEL).await;
    let document = visitor.get("/api/openapi.json").await.ok(200).json();
    let paths = document["paths"].as_object().unwrap();
    let described: Vec<&str> = paths.keys().map(String::as_str).collect();
    assert_eq!(
        described,
        [
            "/.well-known/jwks.json",
            "/api/v1/alarm-keys",
            "/api/v1/alarm-keys/{key}",
            "/api/v1/alarms",
            "/api/v1/appeals",
            "/api/v1/appeals.csv",
            "/api/v1/appeals/{appeal}/answers",
            "/api/v1/appeals/{appeal}/replies",
            "/api/v1/assignments/{assignment}",
            "/api/v1/audit/checkpoint",
            "/api/v1/audit/proofs/consistency",
            "/api/v1/audit/proofs/inclusion",
            "/api/v1/audit/records",
            "/api/v1/audit/records.csv",
            "/api/v1/cameras",
            "/api/v1/cameras/find",
            "/api/v1/cameras/recorder",
            "/api/v1/cameras/streams",
            "/api/v1/cameras/test",
            "/api/v1/cameras/{camera}",
            "/api/v1/cameras/{camera}/health",
            "/api/v1/cameras/{camera}/masks",
            "/api/v1/cameras/{camera}/still",
            "/api/v1/children",
            "/api/v1/children/export",
            "/api/v1/children/import",
            "/api/v1/children/import/preview",
            "/api/v1/children/template",
            "/api/v1/children/{child}/absence",
            "/api/v1/children/{child}/consent",
            "/api/v1/children/{child}/consent/paper",
            "/api/v1/children/{child}/group",
            "/api/v1/children/{child}/last-day",
            "/api/v1/children/{child}/name",
            "/api/v1/consents",
            "/api/v1/consents.csv",
            "/api/v1/consents/rule",
            "/api/v1/consents/texts",
            "/api/v1/events",
            "/api/v1/exceptions",
            "/api/v1/exceptions/{exception}",
            "/api/v1/explain",
            "/api/v1/exports",
            "/api/v1/exports/{export}",
            "/api/v1/groups",
            "/api/v1/groups/{group}",
            "/api/v1/groups/{group}/name",
            "/api/v1/guardianships",
            "/api/v1/guardianships/{guardianship}",
            "/api/v1/guardianships/{guardianship}/days",
            "/api/v1/guardianships/{guardianship}/restriction",
            "/api/v1/guests",
            "/api/v1/guests/{guest}",
            "/api/v1/guests/{guest}/decision",
            "/api/v1/holds",
            "/api/v1/holds/{hold}/release",
            "/api/v1/holidays",
            "/api/v1/hours",
            "/api/v1/hours/day",
            "/api/v1/invitation",
            "/api/v1/invitation/password",
            "/api/v1/kindergartens",
            "/api/v1/kindergartens/{kindergarten}/assignments",
            "/api/v1/kindergartens/{kindergarten}/directors",
            "/api/v1/kindergartens/{kindergarten}/directors/{account}",
            "/api/v1/kindergartens/{kindergarten}/directors/{account}/link",
            "/api/v1/login",
            "/api/v1/login/second-factor",
            "/api/v1/logout",
            "/api/v1/me",
            "/api/v1/me/appeals",
            "/api/v1/me/language",
            "/api/v1/me/logins",
            "/api/v1/me/logins/{login}",
            "/api/v1/me/password",
            "/api/v1/me/records",
            "/api/v1/me/recovery-codes",
            "/api/v1/me/second-factor",
            "/api/v1/mergers",
            "/api/v1/mergers/{merger}",
            "/api/v1/pauses",
            "/api/v1/pauses/{pause}",
            "/api/v1/people",
            "/api/v1/people/{account}/block",
            "/api/v1/people/{account}/invitation",
            "/api/v1/people/{account}/logins",
            "/api/v1/people/{account}/logins/{login}",
            "/api/v1/playbacks",
            "/api/v1/playbacks.csv",
            "/api/v1/playbacks/{playback}",
            "/api/v1/playbacks/{playback}/playlist.m3u8",
            "/api/v1/playbacks/{playback}/segments/{segment}",
            "/api/v1/recording-rules",
            "/api/v1/recordings",
            "/api/v1/refusals",
            "/api/v1/settings",
            "/api/v1/staff",
            "/api/v1/staff/{account}",
            "/api/v1/staff/{account}/room",
            "/api/v1/today",
            "/api/v1/view-token",
            "/api/v1/viewings",
            "/api/v1/viewings.csv",
            "/api/v1/viewings/people",
            "/api/v1/viewings/unusual",
            "/api/v1/viewings/{viewing}/end",
            "/api/v1/watched-today",
            "/healthz",
            "/metrics",
            "/readyz",
            "/whep/{camera}",
            "/whep/{camera}/{session}",
        ]
    );
    for (path, item) in paths {
        let address = path.replace(['{', '}'], "");
        for (method, operation) in item.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            if path.ends_with("/events") || path.ends_with("/logout") {
                continue;
            }
            let answer = Answer::of(visitor.request(method.clone(), &address)).await;
            assert!(![404, 405].contains(&answer.status) || answer.code() == "no_such_session", "{method} {path}: {answer:?}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.contains_key(answer.status.to_string().as_str()), "{method} {path} answers {}", answer.status);
        }
        if !path.starts_with("/whep") {
            let answer = Answer::of(visitor.request(Method::PATCH, &address)).await;
            answer.refused(405, "method_not_allowed");
        }
    }
    gateway.stop().await;
}

#[tokio::test]
async fn every_error_is_described_as_a_problem() {
    let gateway = Gateway::start().await;
    let document = Visitor::stranger(&gateway).get("/api/openapi.json").await.ok(200).json();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                if status.starts_with(['4', '5']) {
                    let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                    assert_eq!(schema, "#/components/schemas/Problem", "{method} {path} {status}");
                }
            }
        }
    }
    assert!(document["components"]["schemas"]["Problem"]["properties"]["code"].is_object());
    assert_ne!(document["components"]["schemas"]["Me"], Value::Null);
    gateway.stop().await;
}
