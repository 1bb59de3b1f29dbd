#include "store/payment_method_store.h"

#include "fake/test_database.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using domain::PaymentMethod;
using domain::PaymentMethodStatus;
using domain::PaymentMethodType;
using store::PaymentMethodStore;
using store::Session;

PaymentMethod card_of(const std::string& fingerprint, int exp_year = 2030)
{
    return {.uuid = gateway::random_uuid(),
        .type = PaymentMethodType::card,
        .status = PaymentMethodStatus::active,
        .card = domain::Card{.gateway_id = "pm_" + fake::new_name(),
            .brand = "visa",
            .last4 = "4242",
            .exp_month = 12,
            .exp_year = exp_year,
            .fingerprint = fingerprint,
            .country = "CH",
            .funding = "credit"},
        .created_at = fake::monday};
}

PaymentMethod application()
{
    return {.uuid = gateway::random_uuid(),
        .type = PaymentMethodType::invoice,
        .status = PaymentMethodStatus::requested,
        .created_at = fake::monday};
}

struct Methods {
    domain::MemberId member = fake::new_member().member;
    domain::MemberId other = fake::new_member().member;

    template <class Work> static auto with_store(const Work& work)
    {
        return fake::in_transaction([&](Session& session) {
            PaymentMethodStore methods{session};
            return work(methods);
        });
    }
    bool add(const PaymentMethod& method) const
    {
        return with_store([&](PaymentMethodStore& methods) { return methods.add(member, method); });
    }
    PaymentMethod added(const PaymentMethod& method) const
    {
        with_store([&](PaymentMethodStore& methods) {
            BOOST_TEST_REQUIRE(methods.add(member, method));
            methods.make_default_if_none(member, method.uuid);
        });
        return method;
    }
    std::vector<PaymentMethod> list() const
    {
        return with_store([&](PaymentMethodStore& methods) { return methods.of_member(member); });
    }
    /// The uuid of the default, found as the list shows it.
    std::vector<domain::Uuid> defaults() const
    {
        std::vector<domain::Uuid> uuids;
        for (const auto& method : list())
            if (method.is_default) uuids.push_back(method.uuid);
        return uuids;
    }
    void remove(const PaymentMethod& method) const
    {
        with_store([&](PaymentMethodStore& methods) { methods.remove(member, method.uuid); });
    }
    static bool decide(const PaymentMethod& method, bool approve)
    {
        return with_store(
            [&](PaymentMethodStore& methods) { return methods.decide(method.uuid, approve, "operator", fake::monday).has_value(); });
    }
};

using Uuids = std::vector<domain::Uuid>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(payment_method_store, Methods)

BOOST_AUTO_TEST_CASE(a_card_comes_back_as_the_gateway_showed_it)
{
    const auto card = card_of("fp");
    BOOST_TEST(add(card));
    const auto kept = list();
    BOOST_REQUIRE(kept.size() == 1u);
    BOOST_TEST((kept[0].uuid == card.uuid));
    BOOST_TEST((kept[0].status == PaymentMethodStatus::active));
    BOOST_TEST(kept[0].card->gateway_id == card.card->gateway_id);
    BOOST_TEST(kept[0].card->brand == "visa");
    BOOST_TEST(kept[0].card->last4 == "4242");
    BOOST_TEST(kept[0].card->exp_year == 2030);
    BOOST_TEST(kept[0].card->fingerprint == "fp");
    BOOST_TEST((kept[0].created_at == fake::monday));
}

BOOST_AUTO_TEST_CASE(the_first_method_is_the_default_and_stays_it)
{
    const auto first = added(card_of("a"));
    added(card_of("b"));
    BOOST_TEST((defaults() == Uuids{first.uuid}));
}

BOOST_AUTO_TEST_CASE(there_is_one_default_wherever_it_moves)
{
    const auto first = added(card_of("a"));
    const auto second = added(card_of("b"));
    const auto make_default = [&](const PaymentMethod& method) {
        with_store([&](PaymentMethodStore& methods) { methods.make_default(member, method.uuid); });
    };
    make_default(second);
    BOOST_TEST((defaults() == Uuids{second.uuid}));
    make_default(second);
    BOOST_TEST((defaults() == Uuids{second.uuid}));
    make_default(first);
    BOOST_TEST((defaults() == Uuids{first.uuid}));
}

BOOST_AUTO_TEST_CASE(of_eight_who_would_be_the_first_default_one_is)
{
    std::vector<PaymentMethod> cards;
    for (int i = 0; i < 8; ++i) {
        cards.push_back(card_of(std::to_string(i)));
        BOOST_TEST_REQUIRE(add(cards.back()));
    }
    fake::at_once(8, [&](int i) {
        with_store([&](PaymentMethodStore& methods) { methods.make_default_if_none(member, cards[static_cast<std::size_t>(i)].uuid); });
    });
    BOOST_TEST(defaults().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_oldest_other_method_follows_a_removed_default)
{
    const auto first = added(card_of("a"));
    const auto second = added(card_of("b"));
    added(card_of("c"));
    remove(first);
    BOOST_TEST((defaults() == Uuids{second.uuid}));
    BOOST_TEST(list().size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_removal_of_another_method_leaves_the_default)
{
    const auto first = added(card_of("a"));
    remove(added(card_of("b")));
    BOOST_TEST((defaults() == Uuids{first.uuid}));
}

BOOST_AUTO_TEST_CASE(an_application_never_becomes_the_default_by_itself)
{
    const auto card = added(card_of("a"));
    added(application());
    remove(card);
    BOOST_TEST(defaults().empty());
}

BOOST_AUTO_TEST_CASE(a_member_has_one_open_application)
{
    const auto first = application();
    BOOST_TEST(add(first));
    BOOST_TEST(!add(application()));
    with_store([&](PaymentMethodStore& methods) {
        BOOST_TEST((methods.open_invoice(member).value().uuid == first.uuid));
        BOOST_TEST(methods.add(other, application()));
    });
}

BOOST_AUTO_TEST_CASE(who_was_refused_may_apply_again_who_was_approved_need_not)
{
    const auto first = application();
    BOOST_TEST(add(first));
    BOOST_TEST(decide(first, false));
    const auto second = application();
    BOOST_TEST(add(second));
    BOOST_TEST(decide(second, true));
    BOOST_TEST(!add(application()));
}

BOOST_AUTO_TEST_CASE(an_application_is_decided_once)
{
    const auto applied = application();
    BOOST_TEST(add(applied));
    std::atomic<int> decisions{0};
    fake::at_once(8, [&](int i) { decisions += decide(applied, i % 2 == 0) ? 1 : 0; });
    BOOST_TEST(decisions == 1);
    BOOST_TEST(!decide(applied, true));
}

BOOST_AUTO_TEST_CASE(the_same_card_is_not_registered_twice)
{
    const auto card = added(card_of("same"));
    const auto again = card_of("same");
    BOOST_TEST(!add(again));
    with_store([&](PaymentMethodStore& methods) { BOOST_TEST((methods.same_card(member, *again.card).value().uuid == card.uuid)); });
}

BOOST_AUTO_TEST_CASE(sixteen_registrations_of_one_card_at_once_are_one)
{
    std::atomic<int> registered{0};
    fake::at_once(16, [&](int) { registered += add(card_of("same")) ? 1 : 0; });
    BOOST_TEST(registered == 1);
    BOOST_TEST(list().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_renewed_card_another_members_and_a_removed_one_are_registered)
{
    const auto card = added(card_of("same"));
    BOOST_TEST(add(card_of("same", 2034)));
    with_store([&](PaymentMethodStore& methods) { BOOST_TEST(methods.add(other, card_of("same"))); });
    remove(card);
    BOOST_TEST(add(card_of("same")));
}

BOOST_AUTO_TEST_CASE(of_a_removed_card_only_the_worker_still_learns_the_gateways_name)
{
    const auto card = added(card_of("a"));
    const auto removed = [&] { return with_store([&](PaymentMethodStore& methods) { return methods.removed_card(card.uuid); }); };
    BOOST_TEST(!removed().has_value());
    remove(card);
    BOOST_TEST(removed().value() == card.card->gateway_id);
    with_store([&](PaymentMethodStore& methods) {
        BOOST_TEST(!methods.by_uuid(member, card.uuid).has_value());
        BOOST_TEST(!methods.lock(member, card.uuid).has_value());
    });
}

BOOST_AUTO_TEST_CASE(another_member_sees_none_of_them)
{
    const auto card = added(card_of("a"));
    with_store([&](PaymentMethodStore& methods) {
        BOOST_TEST(!methods.by_uuid(other, card.uuid).has_value());
        BOOST_TEST(!methods.lock(other, card.uuid).has_value());
        BOOST_TEST(methods.of_member(other).empty());
    });
}

BOOST_AUTO_TEST_CASE(only_another_active_method_is_a_way_to_pay)
{
    const auto has_other = [&](const PaymentMethod& method) {
        return with_store([&](PaymentMethodStore& methods) { return methods.has_other_active(member, method.uuid); });
    };
    const auto card = added(card_of("a"));
    const auto applied = added(application());
    BOOST_TEST(!has_other(card)); // the application is not approved
    decide(applied, true);
    BOOST_TEST(has_other(card));
}

BOOST_AUTO_TEST_CASE(a_member_keeps_the_first_customer_at_the_gateway)
{
    const auto first = "cus_" + fake::new_name();
    with_store([&](PaymentMethodStore& methods) {
        BOOST_TEST(!methods.gateway_customer(member).has_value());
        methods.add_gateway_customer(member, first);
        methods.add_gateway_customer(member, "cus_" + fake::new_name());
        BOOST_TEST(methods.gateway_customer(member).value() == first);
    });
}

BOOST_AUTO_TEST_SUITE_END()
