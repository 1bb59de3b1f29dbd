#include "service/api_credentials.h"

#include "fake/shop.h"
#include "gateway/ovh_signature.h"
#include "service/api_keys.h"
#include "service/api_requests.h"
#include "store/sha256.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

using namespace fake;
using namespace std::chrono_literals;
using domain::Reason;
using service::CallFault;

namespace {

const std::string old_key(64, '1'), new_key(64, '2');

/// Keys and calls by a clock of their own.
struct Desk {
    FixedClock clock{at("2026-11-29T12:00:00.5Z")};
    gateway::SecretBox box{old_key};
    const std::vector<std::string> bases{"https://api.example.ch", "http://127.0.0.1:8080"};
    service::ApiCredentials credentials{database(), box, clock, bases};
    service::ApiRequests requests{database(), clock};
    service::ApiKeys keys{database(), box, clock};
    const domain::Identity nico = new_member();

    service::NewApiKey made(std::vector<domain::AccessRule> rules = domain::default_access_rules())
    {
        return in_transaction([&](store::Session& session) { return keys.make(session, {nico, "a test", rules}); });
    }

    struct Call {
        std::string base{"https://api.example.ch"};
        std::string method{"GET"};
        std::string path{"/me"};
        std::string body{};
        std::chrono::seconds off{0};
        std::string address{"192.0.2.7"};
        std::string consumer_key{}; ///< default: the key's
    };

    service::CallVerdict verdict(const service::NewApiKey& key, const Call& call) { return verdict(credentials, key, call); }

    service::CallVerdict verdict(service::ApiCredentials& by, const service::NewApiKey& key, const Call& call)
    {
        const auto timestamp = std::chrono::floor<std::chrono::seconds>(clock.now() + call.off).time_since_epoch().count();
        const auto time = std::to_string(timestamp);
        const auto target = "/1.0" + call.path;
        const auto& consumer_key = call.consumer_key.empty() ? key.consumer_key : call.consumer_key;
        const auto signature =
            gateway::ovh_signature({key.application_secret, consumer_key, call.method, call.base + target, call.body, timestamp});
        return by.verify({.application_key = key.key.application.key,
            .consumer_key = consumer_key,
            .timestamp = time,
            .signature = signature,
            .method = call.method,
            .target = target,
            .path = call.path,
            .body = call.body,
            .address = call.address});
    }
    CallFault fault(const service::NewApiKey& key, const Call& call) { return verdict(key, call).fault; }
    CallFault fault(const service::NewApiKey& key) { return fault(key, {}); }

    service::NewCredentialRequest asked(const service::NewApiKey& by, std::vector<domain::IpBlock> ips = {})
    {
        return requests.ask({by.key.application.key, domain::default_access_rules(), std::move(ips), "https://bot.example.ch/"}).value();
    }
    std::optional<domain::Instant> last_use(const service::NewApiKey& key)
    {
        return keys.read(nico.member, key.key.credential.id).credential.last_used_at;
    }
};

bool says(const service::CallVerdict& verdict, const std::string& words) { return verdict.explanation.find(words) != std::string::npos; }

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(CallFault)

BOOST_FIXTURE_TEST_SUITE(api_credentials, Desk)

BOOST_AUTO_TEST_CASE(a_signed_call_is_of_the_member_who_made_the_key)
{
    const auto key = made();
    for (const auto& base : bases) {
        const auto heard = verdict(key, {.base = base, .method = "POST", .path = "/order/cart", .body = R"({"ovhSubsidiary":"CH"})"});
        BOOST_TEST(heard.fault == CallFault::none, heard.explanation);
        BOOST_TEST(heard.identity.uid == nico.uid);
        BOOST_TEST((heard.identity.member == nico.member));
        BOOST_TEST(!heard.identity.operator_);
        BOOST_TEST(heard.key.credential.id == key.key.credential.id);
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_the_signed_call_is_refused)
{
    const auto key = made();
    BOOST_TEST(fault(key, {.base = "https://api.example.ch:8443"}) == CallFault::wrong_signature);
    auto guessed = key;
    guessed.application_secret = std::string(32, 'x');
    const auto heard = verdict(guessed, {});
    BOOST_TEST(heard.fault == CallFault::wrong_signature);
    for (const auto& base : bases) BOOST_TEST(says(heard, base));
    BOOST_TEST(says(heard, "GET /1.0/me"));
    BOOST_TEST(!says(heard, key.application_secret));
    BOOST_TEST(!says(heard, key.consumer_key));
    guessed = key;
    guessed.key.application.key = "nosuchapplicatio";
    BOOST_TEST(fault(guessed) == CallFault::unknown_application);
    BOOST_TEST(fault(key, {.consumer_key = std::string(32, 'x')}) == CallFault::unknown_credential);
    BOOST_TEST(fault(key, {.consumer_key = made().consumer_key}) == CallFault::unknown_credential); // of another application
}

BOOST_AUTO_TEST_CASE(five_minutes_are_near_enough)
{
    const auto key = made();
    for (const auto off : {-300s, 0s, 300s}) BOOST_TEST(fault(key, {.off = off}) == CallFault::none);
    const auto behind = verdict(key, {.off = -301s});
    BOOST_TEST(behind.fault == CallFault::out_of_time);
    BOOST_TEST(says(behind, "301 seconds behind"));
    BOOST_TEST(says(verdict(key, {.off = 301s}), "301 seconds ahead"));
}

BOOST_AUTO_TEST_CASE(a_revoked_key_stops_at_once_and_takes_its_application_with_it)
{
    const auto key = made(), other = made();
    BOOST_TEST(fault(key) == CallFault::none);
    BOOST_TEST((refusal_of([&] { keys.remove(new_member().member, key.key.credential.id); }) == Reason::not_found));
    BOOST_TEST(fault(key) == CallFault::none);
    keys.remove(nico.member, key.key.credential.id);
    BOOST_TEST(fault(key) == CallFault::unknown_application);
    BOOST_TEST(fault(other) == CallFault::none);
    BOOST_TEST((refusal_of([&] { keys.remove(nico.member, key.key.credential.id); }) == Reason::not_found));
}

BOOST_AUTO_TEST_CASE(an_application_stays_while_others_use_it)
{
    const auto key = made();
    const auto request = asked(key);
    const auto anna = new_member();
    requests.accept(request.token, anna.member, std::nullopt);
    keys.remove(nico.member, key.key.credential.id);
    BOOST_TEST(fault(key) == CallFault::unknown_credential);
    const auto heard = verdict(key, {.consumer_key = request.consumer_key});
    BOOST_TEST(heard.fault == CallFault::none, heard.explanation);
    BOOST_TEST(heard.identity.uid == anna.uid);
    BOOST_TEST((refusal_of([&] { keys.remove_application(anna.member, key.key.application.id); }) == Reason::not_found));
    keys.remove_application(nico.member, key.key.application.id);
    BOOST_TEST(fault(key, {.consumer_key = request.consumer_key}) == CallFault::unknown_application);
}

BOOST_AUTO_TEST_CASE(a_credential_that_its_holder_ended_is_expired)
{
    const auto key = made();
    credentials.end(key.key.credential.id);
    BOOST_TEST(fault(key) == CallFault::not_validated);
}

// O25, php-ovh 56: a consumer key that waits for validation was not told from a wrong one.
BOOST_AUTO_TEST_CASE(a_request_is_good_for_nothing_until_somebody_accepts_it)
{
    const auto key = made();
    const auto request = asked(key);
    const auto pending = verdict(key, {.consumer_key = request.consumer_key});
    BOOST_TEST(pending.fault == CallFault::not_validated);
    BOOST_TEST(says(pending, "validationUrl"));
    BOOST_TEST(says(pending, "POST /auth/credential"));
    BOOST_TEST(requests.read(request.token).credential.redirection == "https://bot.example.ch/");

    const auto anna = new_member();
    const auto accepted = requests.accept(request.token, anna.member, std::chrono::days{30});
    BOOST_TEST((accepted.credential.expires_at.value() == clock.now() + std::chrono::days{30}));
    BOOST_TEST(verdict(key, {.consumer_key = request.consumer_key}).identity.uid == anna.uid);
    BOOST_TEST((refusal_of([&] { requests.read(request.token); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { requests.refuse(request.token, nico.member); }) == Reason::not_found));
    clock.set(clock.now() + std::chrono::days{30} - 1s);
    BOOST_TEST(fault(key, {.consumer_key = request.consumer_key}) == CallFault::none);
    clock.set(clock.now() + 1s);
    const auto expired = verdict(key, {.consumer_key = request.consumer_key});
    BOOST_TEST(expired.fault == CallFault::not_validated);
    BOOST_TEST(says(expired, "2026-12-29"));
}

BOOST_AUTO_TEST_CASE(a_refused_request_is_told_and_is_nobodys)
{
    const auto key = made();
    const auto request = asked(key);
    requests.refuse(request.token, nico.member);
    const auto refused = verdict(key, {.consumer_key = request.consumer_key});
    BOOST_TEST(refused.fault == CallFault::not_validated);
    BOOST_TEST(says(refused, "refused"));
    BOOST_TEST(keys.page(nico.member, std::nullopt, 10).size() == 1u); // the key alone
    BOOST_TEST((refusal_of([&] { requests.accept(request.token, nico.member, std::nullopt); }) == Reason::not_found));
}

BOOST_AUTO_TEST_CASE(after_an_hour_nobody_can_accept_any_more)
{
    const auto key = made();
    const auto request = asked(key);
    clock.set(clock.now() + 1h - 1s);
    BOOST_TEST(requests.read(request.token).application.key == key.key.application.key);
    clock.set(clock.now() + 1s);
    BOOST_TEST((refusal_of([&] { requests.read(request.token); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { requests.accept(request.token, nico.member, std::nullopt); }) == Reason::not_found));
    // The next one sweeps it away.
    asked(key);
    BOOST_TEST(
        count("SELECT COUNT(*) FROM api_credentials WHERE application_id = ? AND status = 'pendingValidation'", key.key.application.id)
        == 1);
    BOOST_TEST(!requests.ask({"nosuchapplicatio", domain::default_access_rules(), {}, ""}));
}

BOOST_AUTO_TEST_CASE(of_many_decisions_at_once_one_counts)
{
    const auto key = made();
    const auto request = asked(key);
    const std::vector<domain::Identity> members{new_member(), new_member(), new_member(), new_member()};
    std::atomic<int> decided{0}, late{0};
    at_once(8, [&](int i) {
        const auto member = members[static_cast<std::size_t>(i / 2)].member;
        const auto refused = refusal_of([&] {
            if (i % 2 == 0) requests.accept(request.token, member, std::nullopt);
            else requests.refuse(request.token, member);
        });
        ++(refused ? late : decided);
    });
    BOOST_TEST(decided == 1);
    BOOST_TEST(late == 7);
}

BOOST_AUTO_TEST_CASE(a_credential_is_used_from_where_it_may_be)
{
    const auto key = made();
    const auto request = asked(key, {domain::IpBlock::parse("192.0.2.0/24").value(), domain::IpBlock::parse("2001:db8::/32").value()});
    const auto id = requests.accept(request.token, nico.member, std::nullopt).credential.id;
    for (const std::string address : {"192.0.2.1", "2001:db8::9", "::ffff:192.0.2.1"})
        BOOST_TEST(fault(key, {.address = address, .consumer_key = request.consumer_key}) == CallFault::none);
    const auto heard = verdict(key, {.address = "198.51.100.1", .consumer_key = request.consumer_key});
    BOOST_TEST(heard.fault == CallFault::address_not_allowed);
    BOOST_TEST(says(heard, "198.51.100.1"));
    keys.limit_to(nico.member, id, {domain::IpBlock::parse("198.51.100.1").value()});
    BOOST_TEST(fault(key, {.address = "198.51.100.1", .consumer_key = request.consumer_key}) == CallFault::none);
    BOOST_TEST(fault(key, {.address = "192.0.2.1", .consumer_key = request.consumer_key}) == CallFault::address_not_allowed);
    BOOST_TEST((refusal_of([&] { keys.limit_to(new_member().member, id, {}); }) == Reason::not_found));
}

BOOST_AUTO_TEST_CASE(rules_hold_for_all_but_the_credential_itself)
{
    const auto key = made({{"GET", "/me*"}});
    BOOST_TEST(fault(key) == CallFault::none);
    const auto heard = verdict(key, {.method = "POST", .path = "/order/cart/1/assign"});
    BOOST_TEST(heard.fault == CallFault::not_granted);
    BOOST_TEST(says(heard, R"({"method":"POST","path":"/order/*"})"));
    BOOST_TEST(fault(key, {.method = "POST", .path = "/auth/logout"}) == CallFault::none);
    // A signature that does not fit learns nothing of the rules.
    BOOST_TEST(fault(key, {.base = "https://elsewhere.example", .method = "POST", .path = "/order/cart"}) == CallFault::wrong_signature);
}

BOOST_AUTO_TEST_CASE(its_use_is_noted_to_the_minute)
{
    const auto key = made();
    BOOST_TEST(!last_use(key).has_value());
    fault(key, {.base = "https://elsewhere.example"});
    BOOST_TEST(!last_use(key).has_value()); // that was nobody
    fault(key);
    const auto first = clock.now();
    BOOST_TEST((last_use(key) == first));
    clock.set(first + 59s);
    fault(key);
    BOOST_TEST((last_use(key) == first));
    clock.set(first + 61s);
    fault(key);
    BOOST_TEST((last_use(key) == first + 61s));
}

BOOST_AUTO_TEST_CASE(a_member_may_have_fifty_however_many_at_once)
{
    for (int i = 0; i < service::ApiKeys::per_member - 3; ++i) made();
    std::atomic<int> refused{0};
    at_once(8, [&](int) { refused += refusal_of([&] { made(); }) == Reason::api_key_limit ? 1 : 0; });
    BOOST_TEST(refused == 5);
    BOOST_TEST(count("SELECT COUNT(*) FROM api_applications WHERE member_id = ?", number(nico.member)) == service::ApiKeys::per_member);
    keys.remove(nico.member, keys.page(nico.member, std::nullopt, 1).front().credential.id);
    BOOST_TEST(fault(made()) == CallFault::none);
}

BOOST_AUTO_TEST_CASE(neither_secrets_nor_keys_stand_in_the_database_in_clear)
{
    const auto key = made();
    const auto request = asked(key);
    const auto all = text("SELECT GROUP_CONCAT(application_key, sealed_secret, description) FROM api_applications")
        + text("SELECT GROUP_CONCAT(consumer_key_hash, COALESCE(token_hash, ''), rules, redirection) FROM api_credentials");
    BOOST_TEST(all.find(key.key.application.key) != std::string::npos); // this one may be known
    for (const auto& secret : {key.application_secret, key.consumer_key, request.consumer_key, request.token})
        BOOST_TEST(all.find(secret) == std::string::npos);
    BOOST_TEST(count("SELECT COUNT(*) FROM api_credentials WHERE consumer_key_hash = ?", store::sha256_of(key.consumer_key)) == 1);
    BOOST_TEST(count("SELECT COUNT(*) FROM api_credentials WHERE token_hash = ?", store::sha256_of(request.token)) == 1);
}

BOOST_AUTO_TEST_CASE(secrets_are_sealed_anew_and_every_key_goes_on_working)
{
    change("DELETE FROM api_applications"); // of the other cases
    const auto key = made(), other = made();
    const gateway::SecretBox both{new_key, old_key}, only_new{new_key};
    service::ApiKeys rotating{database(), both, clock};
    std::atomic<std::size_t> resealed{0};
    at_once(2, [&](int) { resealed += rotating.reseal(); }); // two operators at once
    BOOST_TEST(resealed == 2u);
    BOOST_TEST(rotating.reseal() == 0u);
    service::ApiCredentials after{database(), only_new, clock, bases};
    for (const auto& each : {key, other}) BOOST_TEST(verdict(after, each, {}).fault == CallFault::none);
    // The old key opens nothing any more; that is our fault, and no word about the caller.
    BOOST_CHECK_THROW(fault(key), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
