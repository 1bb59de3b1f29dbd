#include "gateway/secret_box.h"

#include "gateway/random_key.h"

#include <boost/test/unit_test.hpp>

#include <set>
#include <stdexcept>

using gateway::SecretBox;

namespace {

const std::string key{"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"};
const std::string other_key{"ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"};
const std::string secret{"9ufkBmLaTQ9nz5yMUlg79taH0GNnzDjk"};

} // namespace

BOOST_AUTO_TEST_SUITE(secret_box)

BOOST_AUTO_TEST_CASE(what_is_sealed_opens_again_and_does_not_show)
{
    const SecretBox box{key};
    const auto sealed = box.seal(secret, "app");
    BOOST_TEST(box.open(sealed, "app").value() == secret);
    BOOST_TEST(sealed.find(secret) == std::string::npos);
    BOOST_TEST(sealed.size() == 2 * (1 + 12 + secret.size() + 16));
    BOOST_TEST(box.open(box.seal("", "app"), "app").value() == "");
    const std::string long_text(100'000, 'x');
    BOOST_TEST((box.open(box.seal(long_text, ""), "").value() == long_text));
}

BOOST_AUTO_TEST_CASE(no_nonce_comes_twice)
{
    const SecretBox box{key};
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(box.seal(secret, "app").substr(2, 24));
    BOOST_TEST(seen.size() == 1000u);
}

BOOST_AUTO_TEST_CASE(every_altered_digit_is_noticed)
{
    const SecretBox box{key, other_key};
    const auto sealed = box.seal(secret, "app");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto altered = sealed;
        altered[i] = altered[i] == '0' ? '1' : '0';
        BOOST_TEST(!box.open(altered, "app"), "at " << i);
    }
    BOOST_TEST(!box.open(sealed.substr(0, sealed.size() - 2), "app"));
    BOOST_TEST(!box.open(sealed + "00", "app"));
    for (const std::string none : {"", "0", "zz", "00", "no hexadecimal digits"}) BOOST_TEST(!box.open(none, "app"), none);
}

BOOST_AUTO_TEST_CASE(it_opens_for_its_context_alone)
{
    const SecretBox box{key};
    const auto sealed = box.seal(secret, "app");
    for (const std::string context : {"", "ap", "App", "app ", "other"}) BOOST_TEST(!box.open(sealed, context), context);
}

BOOST_AUTO_TEST_CASE(a_key_is_changed_by_way_of_two)
{
    const SecretBox before{key};
    const auto sealed = before.seal(secret, "app");
    const SecretBox between{other_key, key};
    BOOST_TEST(between.open(sealed, "app").value() == secret);
    BOOST_TEST(!between.is_current(sealed));
    const auto resealed = between.seal(secret, "app");
    BOOST_TEST(between.is_current(resealed));
    const SecretBox after{other_key};
    BOOST_TEST(after.open(resealed, "app").value() == secret);
    BOOST_TEST(!after.open(sealed, "app"));
    BOOST_TEST(!after.is_current(sealed));
    BOOST_TEST((SecretBox{key, key}.open(sealed, "app").value() == secret)); // named twice it is one
}

BOOST_AUTO_TEST_CASE(what_is_no_key_is_refused)
{
    for (const auto& none : {std::string{}, std::string{"secret"}, key.substr(2), key + "00", std::string(64, 'g')}) {
        BOOST_CHECK_THROW(SecretBox{none}, std::invalid_argument);
        if (!none.empty()) BOOST_CHECK_THROW((SecretBox{key, none}), std::invalid_argument);
    }
}

// The number is a byte: of many keys some share it, and then nobody could say which one a secret was sealed with.
BOOST_AUTO_TEST_CASE(two_keys_with_the_same_number_are_refused)
{
    int refused = 0;
    for (int i = 0; i < 256; ++i) {
        auto another = key;
        another[0] = "0123456789abcdef"[i / 16];
        another[1] = "0123456789abcdef"[i % 16];
        another[2] = 'e';
        try {
            const SecretBox box{key, another};
            BOOST_TEST(!box.is_current(SecretBox{another}.seal(secret, "app")));
        } catch (const std::invalid_argument&) {
            ++refused;
        }
    }
    BOOST_TEST(refused < 10);
}

BOOST_AUTO_TEST_CASE(random_keys_are_letters_and_digits_all_of_them)
{
    std::set<char> used;
    std::set<std::string> keys;
    for (int i = 0; i < 500; ++i) {
        const auto made = gateway::random_key(32);
        BOOST_TEST(made.size() == 32u);
        used.insert(made.begin(), made.end());
        keys.insert(made);
    }
    BOOST_TEST(keys.size() == 500u);
    BOOST_TEST(used.size() == 62u);
    BOOST_TEST(gateway::random_key(100).size() == 100u);
    BOOST_TEST(gateway::random_key(0).empty());
}

BOOST_AUTO_TEST_SUITE_END()
