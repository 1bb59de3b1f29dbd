#include "store/vat_store.h"

#include "fake/test_database.h"

#include <boost/test/unit_test.hpp>
#include <jansson.h>

#include <memory>

namespace {

using domain::RegisterAnswer;
using store::VatStore;

template <class Work> auto with_store(Work work)
{
    return fake::in_transaction([&](store::Session& session) {
        VatStore store{session};
        return work(store);
    });
}

struct OneId {
    domain::MemberId member = fake::new_member().member;
    const domain::Instant start = fake::at("1990-01-01T00:00:00Z"); // before everybody else's

    OneId() { begin("DE123456788"); }
    ~OneId()
    {
        with_store([&](VatStore& ids) { ids.forget(member); });
    }
    OneId(const OneId&) = delete;
    OneId& operator=(const OneId&) = delete;

    void begin(const std::string& vat_id)
    {
        with_store([&](VatStore& ids) { ids.begin(member, vat_id, start); });
    }
    store::VatIdToCheck due() const
    {
        const auto ids = with_store([&](VatStore& store) { return store.due(start, 100); });
        const auto own = std::ranges::find(ids, member, &store::VatIdToCheck::member);
        BOOST_REQUIRE((own != ids.end()));
        return *own;
    }
    bool is_due() const
    {
        const auto ids = with_store([&](VatStore& store) { return store.due(start, 100); });
        return std::ranges::find(ids, member, &store::VatIdToCheck::member) != ids.end();
    }
    std::optional<std::int64_t> take(store::VatIdToCheck& id) const
    {
        return with_store([&](VatStore& ids) { return ids.take(id, "", "test", start, start + std::chrono::minutes{5}); });
    }
    bool conclude(const store::VatIdToCheck& id, RegisterAnswer answer) const
    {
        const domain::RegisterReply reply{.answer = answer, .consultation = "WAPI"};
        return with_store([&](VatStore& ids) { return ids.conclude(id, domain::after_answer(id.standing, answer, start, {}), reply); });
    }
};

std::unique_ptr<json_t, void (*)(json_t*)> vectors(const char* name)
{
    return {json_load_file((std::string{"tests/vectors/data/swiss/vat/"} + name).c_str(), 0, nullptr), json_decref};
}

/// Every row of the file is a row of ours, with its rate and its first day.
void check_rates(const char* file, bool by_class)
{
    const auto facts = with_store([](VatStore& store) { return store.rates(); });
    const auto content = vectors(file);
    BOOST_REQUIRE(content);
    const char* name = nullptr;
    json_t* rows = nullptr;
    json_object_foreach(json_object_get(content.get(), "rates"), name, rows)
    {
        const std::string country = by_class ? "CH" : name;
        const std::string vat_class = by_class && std::string{name} != "normal" ? name : "standard";
        std::vector<std::pair<std::string, int>> expected, found;
        std::size_t index = 0;
        json_t* row = nullptr;
        json_array_foreach(rows, index, row) expected.emplace_back(
            json_string_value(json_object_get(row, "from")), static_cast<int>(json_integer_value(json_object_get(row, "bp"))));
        for (const auto& fact : facts)
            if (fact.country == country && fact.vat_class == vat_class)
                found.emplace_back(domain::to_text(domain::Date{fact.from}), fact.rate.basis_points);
        BOOST_TEST((found == expected), country << ' ' << vat_class);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(vat_store)

BOOST_AUTO_TEST_CASE(the_rates_are_those_of_the_authorities)
{
    check_rates("ch-rates.json", true);
    check_rates("eu-standard-rates.json", false);
}

BOOST_AUTO_TEST_CASE(the_swiss_tax_rose_on_the_first_of_january_2024)
{
    const domain::VatRates rates{with_store([](VatStore& store) { return store.rates(); })};
    const auto rate_on = [&](const char* day) { return rates.of("CH", "standard").rate_on(fake::day(day)).basis_points; };
    BOOST_TEST(rate_on("2017-12-31") == 800);
    BOOST_TEST(rate_on("2023-12-31") == 770);
    BOOST_TEST(rate_on("2024-01-01") == 810);
}

BOOST_AUTO_TEST_CASE(what_is_not_sure_of_a_rate_is_said_beside_it)
{
    const auto facts = with_store([](VatStore& store) { return store.rates(); });
    const auto dane = std::ranges::find(facts, std::string{"DK"}, &domain::VatRateFact::country);
    BOOST_REQUIRE((dane != facts.end()));
    BOOST_TEST(dane->source.find("uncertain") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_rate_is_a_row_and_no_day_has_two)
{
    const auto vat_class = fake::new_name().substr(0, 30);
    const domain::VatRateFact fact{"CH", vat_class, fake::day("2028-01-01"), {880}, "a law"};
    BOOST_TEST(with_store([&](VatStore& store) { return store.add_rate(fact); }));
    BOOST_TEST(!with_store([&](VatStore& store) { return store.add_rate(fact); }));
    const domain::VatRates rates{with_store([](VatStore& store) { return store.rates(); })};
    BOOST_TEST((rates.of("CH", vat_class).rate_on(fake::day("2028-01-01")) == domain::VatRate{880}));
}

BOOST_FIXTURE_TEST_CASE(a_question_is_put_by_one, OneId)
{
    auto mine = due();
    auto theirs = mine;
    const auto check = take(mine);
    BOOST_REQUIRE(check.has_value());
    BOOST_TEST(!take(theirs).has_value());
    BOOST_TEST(!is_due());
    BOOST_TEST(conclude(mine, RegisterAnswer::valid));
    BOOST_TEST(!conclude(mine, RegisterAnswer::invalid)); // an answer counts once
    const auto profile = with_store([&](VatStore& store) { return store.profile(member).value(); });
    BOOST_TEST((profile.customer.vat_id == domain::VatIdState::valid));
    BOOST_TEST(profile.consultation == "WAPI");
}

BOOST_FIXTURE_TEST_CASE(an_answer_about_another_id_counts_for_nothing, OneId)
{
    auto id = due();
    BOOST_REQUIRE(take(id).has_value());
    begin("ATU12345675");
    BOOST_TEST(!conclude(id, RegisterAnswer::valid));
    BOOST_TEST(due().vat_id == "ATU12345675");
    BOOST_TEST((due().standing.state == domain::VatIdState::pending));
}

BOOST_FIXTURE_TEST_CASE(the_number_of_the_last_yes_is_kept_while_vies_is_silent, OneId)
{
    auto id = due();
    take(id);
    conclude(id, RegisterAnswer::valid);
    fake::change("UPDATE vat_ids SET next_check_at = '1990-01-01' WHERE member_id = ?", fake::number(member));
    auto again = due();
    take(again);
    BOOST_TEST(conclude(again, RegisterAnswer::unknown));
    BOOST_TEST(with_store([&](VatStore& store) { return store.profile(member)->consultation; }) == "WAPI");
}

// VIES may say more than a column holds, and in any script.
BOOST_FIXTURE_TEST_CASE(a_long_answer_is_cut_between_characters, OneId)
{
    auto id = due();
    const auto check = take(id).value();
    std::string name;
    for (int i = 0; i < 200; ++i) name += "Ω";
    with_store([&](VatStore& ids) { ids.note(check, {.code = "X", .name = name, .address = name + name + name}, start); });
    BOOST_TEST(fake::count("SELECT CHAR_LENGTH(trader_name) FROM vat_checks WHERE id = ?", check) == 127);
    BOOST_TEST(fake::count("SELECT answered_at IS NOT NULL FROM vat_checks WHERE id = ?", check) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
