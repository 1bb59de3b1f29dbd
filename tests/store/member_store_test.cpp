#include "store/member_store.h"

#include "fake/test_database.h"

#include <boost/test/unit_test.hpp>

#include <set>

namespace {

using domain::Member;
using domain::MemberId;
using store::MemberStore;
using store::Session;

MemberId sign_in(const domain::DirectoryEntry& entry, domain::Instant now = fake::monday)
{
    return fake::in_transaction([&](Session& session) { return MemberStore{session}.sign_in(entry, gateway::random_uuid(), now); });
}

Member read(MemberId id)
{
    return fake::database().read([&](Session& session) { return MemberStore{session}.read(id).value(); });
}

bool update(const Member& member)
{
    return fake::in_transaction([&](Session& session) { return MemberStore{session}.update_account(member); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(member_store)

BOOST_AUTO_TEST_CASE(the_first_sign_in_makes_a_member_of_the_directorys_entry)
{
    const auto uid = fake::new_name();
    const auto member = read(sign_in({uid, "Ännie Müller", "annie@members.example"}));
    BOOST_TEST(member.uid == uid);
    BOOST_TEST(member.name == "Ännie Müller");
    BOOST_TEST(member.email == "annie@members.example");
    BOOST_TEST(member.address.name == "Ännie Müller");
    BOOST_TEST(member.address.country == "CH");
    BOOST_TEST((member.currency == domain::Currency::chf));
    BOOST_TEST((member.joined_at == fake::monday)); // to the microsecond
}

BOOST_AUTO_TEST_CASE(the_second_sign_in_finds_the_same_member_and_follows_the_directory)
{
    const auto uid = fake::new_name();
    const auto first = sign_in({uid, "Nico", "old@members.example"});
    const auto before = read(first);
    const auto second = sign_in({uid, "Nico Married", "new@members.example"}, fake::monday + std::chrono::hours{1});
    BOOST_TEST((second == first));
    const auto after = read(second);
    BOOST_TEST((after.uuid == before.uuid));
    BOOST_TEST(after.name == "Nico Married");
    BOOST_TEST(after.email == "new@members.example");
    BOOST_TEST(after.address.name == "Nico"); // the bill's address is the member's own affair
    BOOST_TEST((after.joined_at == before.joined_at));
}

BOOST_AUTO_TEST_CASE(sixteen_first_sign_ins_at_once_make_one_member)
{
    const auto uid = fake::new_name();
    std::vector<MemberId> ids(16);
    fake::at_once(16, [&](int i) { ids[static_cast<std::size_t>(i)] = sign_in({uid, "Nico", "nico@members.example"}); });
    BOOST_TEST((std::set<MemberId>(ids.begin(), ids.end()).size() == 1));
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM members WHERE uid = ?", uid) == 1);
}

BOOST_AUTO_TEST_CASE(names_that_differ_in_a_letters_case_or_accent_are_two_members)
{
    const auto uid = fake::new_name();
    const auto plain = sign_in({uid + "e", "A", ""});
    BOOST_TEST((sign_in({uid + "E", "B", ""}) != plain));
    BOOST_TEST((sign_in({uid + "é", "C", ""}) != plain));
}

BOOST_AUTO_TEST_CASE(the_account_page_is_kept_as_written)
{
    auto member = read(fake::new_member().member);
    member.address = {"Firma \"O'Neill\" \\ AG", "Zoë", "Rue de l'Hôpital", "12b", "2000", "Neuchâtel", "FR"};
    member.language = "fr";
    member.currency = domain::Currency::eur;
    member.kind = domain::CustomerKind::business;
    member.vat_id = "CHE-123.456.788";
    BOOST_TEST(update(member));
    const auto kept = read(member.id);
    BOOST_TEST((kept.address == member.address));
    BOOST_TEST(kept.language == "fr");
    BOOST_TEST((kept.currency == domain::Currency::eur));
    BOOST_TEST((kept.kind == domain::CustomerKind::business));
    BOOST_TEST(kept.vat_id == "CHE-123.456.788");
    BOOST_TEST((kept.vat_id_state == domain::VatIdState::none));
    BOOST_TEST(kept.version == member.version + 1);
}

BOOST_AUTO_TEST_CASE(of_two_changes_to_one_version_the_second_is_refused)
{
    auto mine = read(fake::new_member().member);
    auto other = mine;
    mine.address.city = "Glarus";
    other.address.city = "Zug";
    BOOST_TEST(update(mine));
    BOOST_TEST(!update(other));
    BOOST_TEST(read(mine.id).address.city == "Glarus");
}

BOOST_AUTO_TEST_CASE(who_never_signed_in_is_nobody)
{
    fake::database().read([](Session& session) {
        BOOST_TEST(!MemberStore{session}.id_of(fake::new_name()).has_value());
        BOOST_TEST(!MemberStore{session}.read(MemberId{0}).has_value());
        BOOST_TEST(!MemberStore{session}.read(MemberId{INT64_MAX}).has_value());
    });
}

BOOST_AUTO_TEST_CASE(pages_of_members_go_on_where_the_last_one_ended)
{
    std::vector<MemberId> made;
    for (int i = 0; i < 5; ++i) made.push_back(fake::new_member().member);
    std::vector<MemberId> listed;
    for (auto after = fake::number(made.front()) - 1;;) {
        const auto page = fake::database().read([&](Session& session) { return MemberStore{session}.page(after, 2); });
        if (page.empty()) break;
        BOOST_TEST(page.size() <= 2u);
        for (const auto& member : page) listed.push_back(member.id);
        after = fake::number(listed.back());
    }
    BOOST_TEST((listed == made));
}

BOOST_AUTO_TEST_SUITE_END()
