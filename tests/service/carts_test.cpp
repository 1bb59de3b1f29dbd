#include "service/carts.h"

#include "fake/cart_desk.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using namespace std::chrono_literals;
using domain::Reason;
using fake::refusal_of;

struct Desk : fake::CartDesk {
    const domain::Identity stranger = fake::new_member();
    const domain::Uuid nowhere = gateway::random_uuid();

    std::optional<Reason> adding(const domain::Uuid& cart, const domain::CartWish& what)
    {
        return refusal_of([&] { carts.add_server(cart, {}, "dedicated", what); });
    }
};

bool mentions(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

} // namespace

BOOST_FIXTURE_TEST_SUITE(carts, Desk)

BOOST_AUTO_TEST_CASE(a_cart_is_nobodys_empty_and_lives_a_day)
{
    const auto made = carts.create({.subsidiary = "FR", .description = "two servers"});
    const auto content = carts.read(made.cart.uuid, {});
    BOOST_TEST(!content.cart.member.has_value());
    BOOST_TEST((content.cart.currency == domain::Currency::eur));
    BOOST_TEST(content.cart.description == "two servers");
    BOOST_TEST((content.cart.expires_at == clock.now() + 24h));
    BOOST_TEST(!content.cart.frozen);
    BOOST_TEST(content.items.empty());
}

BOOST_AUTO_TEST_CASE(a_subsidiary_that_is_not_served_is_refused_with_those_that_are)
{
    for (const char* subsidiary : {"US", "GB", "XX"}) {
        BOOST_TEST((refusal_of([&] { carts.create({.subsidiary = subsidiary}); }) == Reason::unknown_subsidiary));
        BOOST_TEST(mentions(words_of([&] { carts.create({.subsidiary = subsidiary}); }), "CH, DE"));
    }
}

BOOST_AUTO_TEST_CASE(an_expiry_is_chosen_within_thirty_days)
{
    const auto wished = clock.now() + 10 * 24h;
    BOOST_TEST((carts.create({.subsidiary = "CH", .expires_at = wished}).cart.expires_at == wished));
    const auto cart = new_cart();
    for (const auto bad : {clock.now() - 1s, clock.now() + 31 * 24h}) {
        BOOST_TEST((refusal_of([&] { carts.create({.subsidiary = "CH", .expires_at = bad}); }) == Reason::expiry_out_of_range));
        BOOST_TEST((refusal_of([&] { carts.change(cart, {}, {.expires_at = bad}); }) == Reason::expiry_out_of_range));
    }
    carts.change(cart, {}, {.description = "later", .expires_at = wished});
    BOOST_TEST((content_of(cart).cart.expires_at == wished));
    BOOST_TEST(content_of(cart).cart.description == "later");
    carts.change(cart, {}, {.description = ""});
    BOOST_TEST(content_of(cart).cart.description == "");
    BOOST_TEST((content_of(cart).cart.expires_at == wished));
}

BOOST_AUTO_TEST_CASE(another_members_cart_is_not_there)
{
    const auto cart = complete_cart();
    const auto item = content_of(cart).items[0].id;
    const auto foreign = [&](const auto& work) { return refusal_of(work) == Reason::not_found; };
    BOOST_TEST(foreign([&] { carts.read(cart, stranger); }));
    BOOST_TEST(foreign([&] { carts.change(cart, stranger, {.description = "mine"}); }));
    BOOST_TEST(foreign([&] { carts.remove(cart, stranger); }));
    BOOST_TEST(foreign([&] { carts.assign(cart, stranger); }));
    BOOST_TEST(foreign([&] { carts.add_server(cart, stranger, "eco", wish(plans.server)); }));
    BOOST_TEST(foreign([&] { carts.configure(cart, stranger, item, "comment", "x"); }));
    BOOST_TEST(foreign([&] { carts.remove_item(cart, stranger, item); }));
    BOOST_TEST(foreign([&] { checkouts.rehearse(cart, stranger); }));
    BOOST_TEST(foreign([&] { checkouts.summary(cart, stranger); }));
    BOOST_TEST(foreign([&] { fake::in_transaction([&](store::Session& session) { checkouts.place(session, cart, stranger, {}); }); }));
    BOOST_TEST(words_of([&] { carts.read(nowhere, {}); }) == "The requested object (cartId = " + nowhere.text() + ") does not exist");
    BOOST_TEST(carts.read(cart, {}).items.size() == 2u); // whoever knows its id may go on without a signature
    BOOST_TEST(!content_of(cart).cart.frozen);
}

BOOST_AUTO_TEST_CASE(a_cart_is_assigned_once)
{
    const auto cart = new_cart();
    carts.assign(cart, nico);
    carts.assign(cart, nico);
    BOOST_TEST((carts.list(nico.member, {}) == std::vector{cart}));
    BOOST_TEST((refusal_of([&] { carts.assign(cart, stranger); }) == Reason::not_found));
    BOOST_TEST(carts.list(stranger.member, {}).empty());
}

BOOST_AUTO_TEST_CASE(two_members_who_take_the_same_cart_get_it_once)
{
    const auto cart = new_cart();
    std::atomic<int> taken{0};
    fake::at_once(8, [&](int i) {
        if (!refusal_of([&] { carts.assign(cart, i % 2 == 0 ? nico : stranger); })) ++taken;
    });
    BOOST_TEST(taken == 4); // the winner's own repetitions are harmless
}

BOOST_AUTO_TEST_CASE(a_member_has_a_hundred_open_carts_at_most)
{
    for (int i = 0; i < domain::CartLimits::open_carts; ++i) carts.assign(new_cart(), nico);
    const auto one_more = new_cart();
    BOOST_TEST((refusal_of([&] { carts.assign(one_more, nico); }) == Reason::cart_full));
    carts.remove(carts.list(nico.member, {}).front(), nico);
    std::atomic<int> taken{0};
    fake::at_once(4, [&](int) { // there is room for one
        if (!refusal_of([&] { carts.assign(new_cart(), nico); })) ++taken;
    });
    BOOST_TEST(taken == 1);
}

BOOST_AUTO_TEST_CASE(carts_are_listed_by_their_description)
{
    const auto first = carts.create({.subsidiary = "CH", .description = "web"}).cart.uuid;
    const auto second = carts.create({.subsidiary = "CH", .description = "Web"}).cart.uuid;
    carts.assign(first, nico);
    carts.assign(second, nico);
    BOOST_TEST((carts.list(nico.member, "web") == std::vector{first}));
    BOOST_TEST((carts.list(nico.member, {}) == std::vector{second, first}));
    BOOST_TEST(carts.list(nico.member, "mail").empty());
}

BOOST_AUTO_TEST_CASE(a_server_has_the_price_of_the_moment_it_was_put_in)
{
    const auto cart = new_cart();
    const auto item = add_server(cart, 3);
    fake::ServerPlans::price(fake::ServerPlans::id_of(plans.server), "CHF", 1, 1, "default", "P1M", "2026-03-02");
    fake::change("UPDATE plans SET sold = FALSE WHERE code = ?", plans.server);
    const auto content = carts.read(cart, {});
    BOOST_REQUIRE(content.items.size() == 1u);
    BOOST_TEST(content.items[0].id == item);
    BOOST_TEST(content.items[0].recurring.minor == 10900);
    BOOST_TEST(content.items[0].setup.minor == 9900);
    BOOST_TEST(content.items[0].quantity == 3);
    BOOST_TEST(content.items[0].product == "dedicated");
    BOOST_TEST((adding(cart, wish(plans.server)) == Reason::unknown_plan));
}

BOOST_AUTO_TEST_CASE(what_a_plan_does_not_allow_is_refused)
{
    const auto cart = new_cart();
    BOOST_TEST((adding(cart, wish("nothing-like-this")) == Reason::unknown_plan));
    BOOST_TEST((adding(cart, wish(plans.small_memory)) == Reason::unknown_plan));
    BOOST_TEST((adding(cart, wish(plans.server, 21)) == Reason::quantity_out_of_range));
    auto odd = wish(plans.server);
    odd.duration = "PT18.179651S";
    BOOST_TEST((adding(cart, odd) == Reason::unknown_pricing));
    odd = wish(plans.server);
    odd.pricing_mode = "upfront24";
    BOOST_TEST((adding(cart, odd) == Reason::unknown_pricing));
    BOOST_TEST((adding(nowhere, wish(plans.server)) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { carts.add_option(new_cart("FR"), {}, "eco", 1, wish(plans.large_memory)); }) == Reason::not_found));
    const auto euros = new_cart("FR"); // the large memory has no price in euros
    const auto server = add_server(euros);
    BOOST_TEST((refusal_of([&] { add_option(euros, server, plans.large_memory); }) == Reason::unknown_option));
    BOOST_TEST(carts.read(cart, {}).items.empty());
}

BOOST_AUTO_TEST_CASE(an_option_follows_its_server)
{
    const auto cart = new_cart();
    const auto server = add_server(cart, 2);
    const auto option = add_option(cart, server, plans.small_memory);
    auto content = carts.read(cart, {});
    BOOST_TEST(content.find(option)->quantity == 2);
    BOOST_TEST((content.find(option)->parent == server));
    BOOST_TEST((refusal_of([&] { add_option(cart, server, plans.large_memory); }) == Reason::option_taken));
    BOOST_TEST((refusal_of([&] { add_option(cart, option, plans.address); }) == Reason::unknown_option));
    BOOST_TEST((refusal_of([&] { carts.change_item(cart, {}, option, {.quantity = 3}); }) == Reason::quantity_out_of_range));
    carts.change_item(cart, {}, server, {.quantity = 5});
    content = carts.read(cart, {});
    BOOST_TEST(content.find(option)->quantity == 5);
    BOOST_TEST(content.find(server)->recurring.minor == 10900);

    const auto block = add_option(cart, server, plans.address);
    configure(cart, block, "ptr", "a.example");
    carts.remove_item(cart, {}, server);
    BOOST_TEST(carts.read(cart, {}).items.empty());
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM cart_configurations WHERE item_id IN (?, ?, ?)", server, option, block) == 0);
}

BOOST_AUTO_TEST_CASE(an_option_goes_alone)
{
    const auto cart = new_cart();
    const auto server = add_server(cart);
    const auto option = add_option(cart, server, plans.small_memory);
    configure(cart, server);
    carts.remove_item(cart, {}, option);
    const auto content = carts.read(cart, {});
    BOOST_REQUIRE(content.items.size() == 1u);
    BOOST_TEST(content.items[0].configurations.size() == 1u);
    add_option(cart, server, plans.large_memory); // the family is free again
}

BOOST_AUTO_TEST_CASE(another_duration_takes_the_price_of_today)
{
    const auto cart = new_cart();
    const auto server = add_server(cart);
    const auto core = fake::ServerPlans::id_of(plans.server);
    fake::ServerPlans::price(core, "CHF", 100, 31000, "default", "P3M");
    const auto [content, item] = carts.change_item(cart, {}, server, {.duration = "P3M"});
    BOOST_TEST(content.find(item)->recurring.minor == 31000);
    BOOST_TEST(content.find(item)->setup.minor == 100);
    BOOST_TEST((refusal_of([&] { carts.change_item(cart, {}, server, {.duration = "P7M"}); }) == Reason::unknown_pricing));
    carts.change_item(cart, {}, server, {.duration = "P1M", .quantity = 4});
    BOOST_TEST(carts.read(cart, {}).find(server)->quantity == 4);
    BOOST_TEST(carts.read(cart, {}).find(server)->recurring.minor == 10900);
}

BOOST_AUTO_TEST_CASE(O3_what_is_required_is_what_a_checkout_asks_for)
{
    const auto cart = own_cart();
    const auto server = add_server(cart);
    add_option(cart, server, plans.small_memory);
    for (const auto& label : carts.labels_of(cart, {}, server)) {
        const auto text = words_of([&] { checkouts.rehearse(cart, nico); });
        BOOST_TEST(mentions(text, "Custom field " + label.name + " is mandatory for product " + plans.server) == label.required);
    }
    BOOST_TEST(carts.labels_of(cart, {}, server).size() == 2u);
    BOOST_TEST((refusal_of([&] { carts.labels_of(cart, {}, 1); }) == Reason::not_found));
}

BOOST_AUTO_TEST_CASE(O4_a_label_is_set_once)
{
    const auto cart = new_cart();
    const auto server = add_server(cart);
    const auto first = configure(cart, server);
    const auto text = words_of([&] { configure(cart, server, "dedicated_datacenter", "gla"); });
    BOOST_TEST(mentions(text, "configuration " + std::to_string(first)));
    BOOST_TEST((refusal_of([&] { configure(cart, server); }) == Reason::label_taken));
    carts.remove_configuration(cart, {}, server, first);
    configure(cart, server, "dedicated_datacenter", "gla");
    BOOST_TEST((refusal_of([&] { carts.remove_configuration(cart, {}, server, first); }) == Reason::not_found));

    const auto other = add_server(cart);
    std::atomic<int> set{0};
    fake::at_once(8, [&](int) {
        if (!refusal_of([&] { carts.configure(cart, {}, other, "comment", "x"); })) ++set;
    });
    BOOST_TEST(set == 1);
}

BOOST_AUTO_TEST_CASE(O6_labels_of_another_item_and_bad_values_are_refused)
{
    const auto cart = new_cart();
    const auto server = add_server(cart);
    const auto block = add_option(cart, server, plans.address);
    BOOST_TEST(mentions(words_of([&] { configure(cart, server, "ptr", "a.example"); }), "it belongs to item " + std::to_string(block)));
    BOOST_TEST((refusal_of([&] { configure(cart, server, "dedicated_datacenter", "paris"); }) == Reason::value_not_allowed));
    BOOST_TEST((refusal_of([&] { configure(cart, 1, "ptr", "a.example"); }) == Reason::not_found));
}

BOOST_AUTO_TEST_CASE(an_item_of_another_cart_is_not_there)
{
    const auto item = add_server(new_cart());
    const auto cart = new_cart();
    BOOST_TEST((refusal_of([&] { carts.remove_item(cart, {}, item); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { carts.change_item(cart, {}, item, {.quantity = 2}); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { add_option(cart, item, plans.small_memory); }) == Reason::not_found));
}

BOOST_AUTO_TEST_CASE(fifty_items_are_a_full_cart_whoever_fills_it)
{
    const auto cart = new_cart();
    for (int i = 0; i < 45; ++i) add_server(cart);
    std::atomic<int> added{0};
    fake::at_once(8, [&](int) {
        if (!refusal_of([&] { add_server(cart); })) ++added;
    });
    BOOST_TEST(added == 5);
    BOOST_TEST(carts.read(cart, {}).items.size() == 50u);
    BOOST_TEST((adding(cart, wish(plans.server)) == Reason::cart_full));
}

BOOST_AUTO_TEST_CASE(two_options_of_an_exclusive_family_at_once_are_one)
{
    const auto cart = new_cart();
    const auto server = add_server(cart);
    std::atomic<int> added{0};
    fake::at_once(8, [&](int i) {
        if (!refusal_of([&] { add_option(cart, server, i % 2 == 0 ? plans.small_memory : plans.large_memory); })) ++added;
    });
    BOOST_TEST(added == 1);
}

BOOST_AUTO_TEST_CASE(an_expired_cart_says_so_and_can_only_be_deleted)
{
    const auto cart = complete_cart();
    const auto server = content_of(cart).items[0].id;
    clock.set(clock.now() + 24h);
    const auto expired = [&](const auto& work) { return refusal_of(work) == Reason::cart_expired; };
    BOOST_TEST(expired([&] { carts.read(cart, {}); }));
    BOOST_TEST(expired([&] { carts.change(cart, nico, {.expires_at = clock.now() + 1h}); }));
    BOOST_TEST(expired([&] { add_server(cart); }));
    BOOST_TEST(expired([&] { configure(cart, server, "comment", "x"); }));
    BOOST_TEST(expired([&] { carts.remove_item(cart, {}, server); }));
    BOOST_TEST(expired([&] { carts.assign(cart, nico); }));
    BOOST_TEST(expired([&] { checkouts.summary(cart, {}); }));
    BOOST_TEST(expired([&] { checkouts.rehearse(cart, nico); }));
    BOOST_TEST(expired([&] { check_out(cart); }));
    BOOST_TEST(mentions(words_of([&] { carts.read(cart, {}); }), "create a new one: POST /order/cart"));
    BOOST_TEST(carts.list(nico.member, {}).empty());
    BOOST_TEST(orders_of_nico() == 0);
    carts.remove(cart, nico);
    BOOST_TEST((refusal_of([&] { carts.read(cart, {}); }) == Reason::not_found));
}

BOOST_AUTO_TEST_CASE(an_unassigned_cart_is_deleted_by_whoever_signs)
{
    const auto cart = new_cart();
    add_complete(cart);
    carts.remove(cart, stranger);
    BOOST_TEST((refusal_of([&] { carts.read(cart, {}); }) == Reason::not_found));
}

BOOST_AUTO_TEST_CASE(O28_carts_are_swept_a_week_after_they_expired_and_what_was_bought_stays)
{
    const auto bought = complete_cart();
    check_out(bought);
    const auto rows = [&](const domain::Uuid& cart) { return fake::count("SELECT COUNT(*) FROM carts WHERE uuid = ?", cart); };
    std::vector<domain::Uuid> left;
    for (int i = 0; i < 230; ++i) left.push_back(new_cart());
    const auto full = complete_cart();
    const auto item = content_of(full).items[0].id;
    clock.set(clock.now() + 24h * 8 - 1s);
    carts.sweep();
    BOOST_TEST(rows(full) == 1);
    clock.set(clock.now() + 2s);
    const auto young = new_cart();
    std::atomic<int> hands{0};
    fake::at_once(3, [&](int) {
        carts.sweep();
        ++hands;
    });
    carts.sweep(); // what others held is taken now
    BOOST_TEST(hands == 3);
    for (const auto& cart : left) BOOST_TEST(rows(cart) == 0);
    BOOST_TEST(rows(full) == 0);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM cart_items WHERE id = ?", item) == 0);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM cart_configurations WHERE item_id = ?", item) == 0);
    BOOST_TEST(rows(bought) == 1);
    BOOST_TEST(rows(young) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
