#include "domain/wireguard_key.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

using domain::check_wireguard_key;
using domain::WireguardKey;
using domain::WireguardKeyFault;

using Bytes = std::array<unsigned char, 32>;
using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

std::string base64(const Bytes& bytes)
{
    std::string text(45, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
    text.resize(44);
    return text;
}

Bytes random_bytes(std::mt19937& random)
{
    Bytes bytes;
    std::ranges::generate(bytes, [&] { return static_cast<unsigned char>(random()); });
    return bytes;
}

Key private_key(const Bytes& bytes)
{
    return {EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, bytes.data(), bytes.size()), EVP_PKEY_free};
}

Bytes public_key_of(const Bytes& secret)
{
    Bytes bytes{};
    std::size_t size = bytes.size();
    EVP_PKEY_get_raw_public_key(private_key(secret).get(), bytes.data(), &size);
    return bytes;
}

/// OpenSSL refuses to derive a secret of zeros: whether the point is of small order, said by somebody else.
bool makes_a_secret(const Bytes& point, const Bytes& secret)
{
    const Key peer{EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, point.data(), point.size()), EVP_PKEY_free};
    const auto ours = private_key(secret);
    const std::unique_ptr<EVP_PKEY_CTX, void (*)(EVP_PKEY_CTX*)> context{EVP_PKEY_CTX_new(ours.get(), nullptr), EVP_PKEY_CTX_free};
    Bytes shared{};
    std::size_t size = shared.size();
    return EVP_PKEY_derive_init(context.get()) == 1 && EVP_PKEY_derive_set_peer(context.get(), peer.get()) == 1
        && EVP_PKEY_derive(context.get(), shared.data(), &size) == 1;
}

Bytes of_hex(const std::string& hex)
{
    Bytes bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
    return bytes;
}

/// All that X25519 turns into zeros: the reduced points, and those that are written with the prime or the 256th bit added.
const std::vector<std::string> small_order{"0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080", "0100000000000000000000000000000000000000000000000000000000000080",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880", "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"};

} // namespace

BOOST_AUTO_TEST_SUITE(wireguard_key)

BOOST_AUTO_TEST_CASE(every_key_that_is_made_is_taken_and_keeps_its_text)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_CONTEXT("seed " << seed)
    {
        std::mt19937 random{seed};
        for (int i = 0; i < 2000; ++i) {
            const auto text = base64(public_key_of(random_bytes(random)));
            const auto key = WireguardKey::parse(text);
            BOOST_TEST_REQUIRE(key.has_value(), text);
            BOOST_TEST(key->text() == text);
        }
    }
}

// "AAAA…AAB=" would be the same 32 bytes as "AAAA…AAA=", and UNIQUE would not see it.
BOOST_AUTO_TEST_CASE(a_key_has_one_spelling)
{
    std::mt19937 random{7};
    const std::string alphabet{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
    auto text = base64(public_key_of(random_bytes(random)));
    int spellings = 0;
    for (const char c : alphabet) {
        text[42] = c;
        Bytes decoded{};
        std::array<unsigned char, 33> block{};
        EVP_DecodeBlock(block.data(), reinterpret_cast<const unsigned char*>(text.data()), 44);
        std::copy_n(block.begin(), 32, decoded.begin());
        const bool taken = WireguardKey::parse(text).has_value();
        BOOST_TEST(taken == (base64(decoded) == text), text);
        spellings += taken;
    }
    BOOST_TEST(spellings > 0);
    BOOST_TEST(spellings <= 16);
}

BOOST_DATA_TEST_CASE(points_that_everybody_shares_a_secret_with_are_refused, boost::unit_test::data::make(small_order), hex)
{
    std::mt19937 random{1};
    const auto point = of_hex(hex);
    BOOST_TEST(!makes_a_secret(point, random_bytes(random))); // so says OpenSSL
    const auto fault = check_wireguard_key(base64(point));
    BOOST_TEST((fault == WireguardKeyFault::weak || fault == WireguardKeyFault::no_point));
}

BOOST_AUTO_TEST_CASE(what_is_not_refused_makes_a_secret)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_CONTEXT("seed " << seed)
    {
        std::mt19937 random{seed};
        int taken = 0;
        for (int i = 0; i < 2000; ++i) {
            const auto bytes = random_bytes(random);
            if (check_wireguard_key(base64(bytes)) != WireguardKeyFault::none) continue;
            ++taken;
            BOOST_TEST(makes_a_secret(bytes, random_bytes(random)));
        }
        BOOST_TEST(taken > 500); // half have the 256th bit
    }
}

BOOST_AUTO_TEST_CASE(each_fault_has_its_name)
{
    const std::string good{"jNQKmw+IF9llFFXGpSX1D0VsyZJn3GnQaF6NpLnDLyo="};
    BOOST_TEST((check_wireguard_key(good) == WireguardKeyFault::none));
    for (const auto& text :
        {std::string{}, std::string{"abc"}, good.substr(1), good + "=", good + "\n", ' ' + good, std::string(44000, 'A')})
        BOOST_TEST((check_wireguard_key(text) == WireguardKeyFault::wrong_length), text.substr(0, 60));
    for (const auto at : {0u, 20u, 42u})
        for (const char c : {' ', '-', '_', '=', '\0', '\n', '\xc3'}) {
            auto text = good;
            text[at] = c;
            BOOST_TEST((check_wireguard_key(text) == WireguardKeyFault::not_base64), text);
        }
    auto unpadded = good;
    unpadded.back() = 'A';
    BOOST_TEST((check_wireguard_key(unpadded) == WireguardKeyFault::not_base64));
    BOOST_TEST((check_wireguard_key("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=") == WireguardKeyFault::weak));
    BOOST_TEST((check_wireguard_key("//////////////////////////////////////////8=") == WireguardKeyFault::no_point));
    for (const auto fault :
        {WireguardKeyFault::wrong_length, WireguardKeyFault::not_base64, WireguardKeyFault::no_point, WireguardKeyFault::weak})
        BOOST_TEST(!domain::explanation_of(fault).empty());
}

BOOST_AUTO_TEST_SUITE_END()
