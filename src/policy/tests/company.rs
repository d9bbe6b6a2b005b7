//! Who may know how many others watched.

use super::*;

#[test]
fn a_parent_of_the_group_may_know_how_many_watched_and_nobody_else() {
    let mut world = World::new();
    let (group, site, now) = (world.site.groups[0].id, world.site.clone(), at(MONDAY, 22, 0));
    assert_eq!(company(&world.parent, Some(&site), group, now), Ok(()));
    assert_eq!(company(&world.parent, None, group, now), Err(Refusal::NotYours));
    assert_eq!(company(&world.parent, Some(&site), site.groups[1].id, now), Err(Refusal::NotYours));
    for other in [&world.director, &world.inspector] {
        assert_eq!(company(other, Some(&site), group, now), Err(Refusal::NotYours));
    }
    world.site.guardianships[0].restricted = true;
    assert_eq!(company(&world.parent, Some(&world.site), group, now), Err(Refusal::Restricted));
    world.parent.blocked = true;
    assert_eq!(company(&world.parent, Some(&world.site), group, now), Err(Refusal::AccountBlocked));
    world.site.guardianships.clear();
    assert_eq!(company(&world.parent, Some(&world.site), group, now), Err(Refusal::NotYours));
}
