#include "domain/snapshot.h"
#include "domain/snapshot_sweep.h"
#include "domain/snapshot_taking.h"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>

using namespace domain;
using enum SnapshotState;

namespace {

const std::vector<SnapshotState> all_states{requested, freezing, creating, unknown, ready, restoring, deleting, deleted, failed, lost};

Uuid uuid(int number)
{
    const auto text = std::to_string(number);
    return Uuid::parse("01a20e23-e28a-758a-9c73-" + std::string(12 - text.size(), '0') + text).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(snapshots)

BOOST_AUTO_TEST_CASE(a_snapshot_only_takes_the_arrows_of_its_machine)
{
    const std::map<SnapshotState, std::set<SnapshotState>> arrows{{requested, {freezing, failed, deleting}},
        {freezing, {creating, requested, failed}}, {creating, {ready, unknown, requested, failed}}, {unknown, {ready, requested, failed}},
        {ready, {restoring, deleting, lost}}, {restoring, {ready}}, {deleting, {deleted}}, {failed, {deleting}}, {lost, {deleting}},
        {deleted, {}}};
    for (const auto from : all_states)
        for (const auto to : all_states)
            BOOST_TEST(may_become(from, to) == arrows.at(from).contains(to), to_text(from) << " to " << to_text(to));
}

BOOST_AUTO_TEST_CASE(a_snapshot_at_work_holds_its_machine)
{
    for (const auto state : {freezing, creating, unknown, restoring, deleting}) BOOST_TEST(is_busy(state));
    for (const auto state : {requested, ready, deleted, failed, lost}) BOOST_TEST(!is_busy(state));
}

BOOST_AUTO_TEST_CASE(the_names_of_states_are_read_back)
{
    for (const auto state : all_states) BOOST_TEST((snapshot_state_from(to_text(state)) == state));
    BOOST_CHECK_THROW(snapshot_state_from("frozen"), std::domain_error);
}

// S10, cloudstack 8424: rows that nobody could delete.
BOOST_AUTO_TEST_CASE(S10_each_state_leads_to_deleted)
{
    std::set<SnapshotState> leading{deleted};
    for (std::size_t before = 0; before != leading.size();) {
        before = leading.size();
        for (const auto from : all_states)
            for (const auto to : all_states)
                if (leading.contains(to) && may_become(from, to)) leading.insert(from);
    }
    BOOST_TEST(leading.size() == all_states.size());
}

// S3, S7: only what was frozen until the thaw is called so.
BOOST_AUTO_TEST_CASE(fs_is_said_of_what_was_frozen_made_and_thawed_in_this_order)
{
    const TakingEvidence proof{.froze = true, .made_in_window = true, .thawed_by_us = true};
    BOOST_TEST((consistency_of(proof) == Consistency::fs));
    for (const auto missing : {&TakingEvidence::froze, &TakingEvidence::made_in_window, &TakingEvidence::thawed_by_us}) {
        auto evidence = proof;
        evidence.*missing = false;
        BOOST_TEST((consistency_of(evidence) == Consistency::crash));
    }
}

BOOST_AUTO_TEST_CASE(offline_is_said_of_what_was_off_before_and_after)
{
    const TakingEvidence proof{.was_off = true, .is_off = true, .made_in_window = true};
    BOOST_TEST((consistency_of(proof) == Consistency::offline));
    for (const auto missing : {&TakingEvidence::was_off, &TakingEvidence::is_off, &TakingEvidence::made_in_window}) {
        auto evidence = proof;
        evidence.*missing = false;
        BOOST_TEST((consistency_of(evidence) == Consistency::crash));
    }
    BOOST_TEST((consistency_of({}) == Consistency::crash));
}

BOOST_AUTO_TEST_CASE(a_listing_has_all_some_or_none)
{
    BOOST_TEST((presence_of(1, 0) == Presence::none));
    BOOST_TEST((presence_of(1, 1) == Presence::all));
    BOOST_TEST((presence_of(3, 2) == Presence::some));
    BOOST_TEST((presence_of(0, 0) == Presence::none)); // it never began
}

BOOST_AUTO_TEST_CASE(all_that_is_there_is_ready_unless_more_is_required)
{
    BOOST_TEST((after_listing({.attempts = 1}, Presence::all, false, false) == AfterListing::ready));
    BOOST_TEST((after_listing({.attempts = 1, .looks_left = 3}, Presence::all, false, false) == AfterListing::ready));
    BOOST_TEST((after_listing({.require_fs = true, .attempts = 1}, Presence::all, true, false) == AfterListing::ready));
    BOOST_TEST((after_listing({.require_fs = true, .attempts = 1, .looks_left = 3}, Presence::all, false, false) == AfterListing::again));
    BOOST_TEST((after_listing({.require_fs = true, .attempts = 5}, Presence::all, false, false) == AfterListing::failed));
}

BOOST_AUTO_TEST_CASE(images_of_different_moments_are_no_snapshot)
{
    BOOST_TEST((after_listing({.attempts = 1}, Presence::all, false, true) == AfterListing::again));
    BOOST_TEST((after_listing({.attempts = 5}, Presence::all, false, true) == AfterListing::failed));
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_looked_for_three_times_and_taken_five_times)
{
    for (const auto presence : {Presence::none, Presence::some}) {
        for (const int looks : {3, 2})
            BOOST_TEST((after_listing({.attempts = 5, .looks_left = looks}, presence, false, false) == AfterListing::look_later));
        for (const int looks : {1, 0}) {
            BOOST_TEST((after_listing({.attempts = 4, .looks_left = looks}, presence, false, false) == AfterListing::again));
            BOOST_TEST((after_listing({.attempts = 5, .looks_left = looks}, presence, false, false) == AfterListing::failed));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_looks_come_after_1_5_and_15_minutes)
{
    std::chrono::minutes at{0};
    std::vector<int> times;
    for (int looks = looks_after_unknown; looks > 0; --looks) {
        at += pause_before_look(looks);
        times.push_back(static_cast<int>(at.count()));
    }
    BOOST_TEST(times == (std::vector{1, 5, 15}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_sweep_tells_late_stray_present_and_missing_from_what_is_at_work)
{
    std::vector<KnownSnapshot> rows;
    std::set<std::string> listed;
    for (int i = 0; const auto state : all_states) {
        rows.push_back({uuid(i), uuid(100), state, true});
        listed.insert(uuid(i++).text());
    }
    const KnownSnapshot young{uuid(20), uuid(100), failed, false};
    rows.push_back(young);
    listed.insert({young.uuid.text(), uuid(21).text(), "before-upgrade", "01A20E23-E28A-758A-9C73-000000000009"});
    const KnownSnapshot gone{uuid(30), uuid(100), ready, false};
    const KnownSnapshot there{uuid(4), uuid(100), ready, false};

    const auto findings = compare_snapshots({there, gone}, listed, rows);
    std::set<std::string> late, strays{findings.strays.begin(), findings.strays.end()};
    for (const auto& snapshot : findings.late) late.insert(snapshot.uuid.text());
    BOOST_TEST((late == std::set{uuid(7).text(), uuid(8).text()}));    // deleted, failed
    BOOST_TEST((strays == std::set{uuid(9).text(), uuid(21).text()})); // lost, unknown to us
    BOOST_TEST_REQUIRE(findings.present.size() == 1u);
    BOOST_TEST((findings.present[0].uuid == uuid(4)));
    BOOST_TEST_REQUIRE(findings.missing.size() == 1u);
    BOOST_TEST((findings.missing[0].uuid == gone.uuid));
}

BOOST_AUTO_TEST_SUITE_END()
