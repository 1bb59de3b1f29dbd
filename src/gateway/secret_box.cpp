#include "gateway/secret_box.h"

#include "domain/hex.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace gateway {
namespace {

constexpr std::size_t nonce_size = 12, tag_size = 16;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const std::uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

void demand(bool good)
{
    if (!good) throw std::runtime_error{"AES-256-GCM is not to be had"};
}

/// A cipher that knows its key, its nonce and the context that is bound to the secret.
Context begin(int encrypts, const std::uint8_t* key, const std::uint8_t* nonce, std::string_view bound)
{
    Context context{EVP_CIPHER_CTX_new()};
    demand(context && EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key, nonce, encrypts) == 1);
    int size = 0;
    demand(EVP_CipherUpdate(context.get(), nullptr, &size, bytes_of(bound), static_cast<int>(bound.size())) == 1);
    return context;
}

} // namespace

SecretBox::SecretBox(std::string_view key, std::string_view previous) : keys_{key_of(key)}
{
    if (previous.empty() || previous == key) return;
    keys_.push_back(key_of(previous));
    if (keys_[0].number == keys_[1].number)
        throw std::invalid_argument{"the current and the previous key have the same number by chance: make another current one"};
}

SecretBox::Key SecretBox::key_of(std::string_view digits)
{
    const auto bytes = domain::from_hex(digits);
    Key key;
    if (!bytes || bytes->size() != key.bytes.size())
        throw std::invalid_argument{"a key must be 64 hexadecimal digits, such as `openssl rand -hex 32` makes"};
    std::ranges::copy(*bytes, key.bytes.begin());
    std::uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256(key.bytes.data(), key.bytes.size(), digest);
    key.number = digest[0];
    return key;
}

const SecretBox::Key* SecretBox::key_numbered(std::uint8_t number) const
{
    const auto found = std::ranges::find(keys_, number, &Key::number);
    return found == keys_.end() ? nullptr : &*found;
}

std::string SecretBox::seal(std::string_view secret, std::string_view context) const
{
    const auto& key = keys_.front();
    std::vector<std::uint8_t> sealed(1 + nonce_size + secret.size() + tag_size);
    sealed[0] = key.number;
    auto* nonce = sealed.data() + 1;
    auto* text = nonce + nonce_size;
    demand(RAND_bytes(nonce, nonce_size) == 1);
    const auto cipher = begin(1, key.bytes.data(), nonce, context);
    int size = 0;
    demand(EVP_CipherUpdate(cipher.get(), text, &size, bytes_of(secret), static_cast<int>(secret.size())) == 1);
    demand(EVP_CipherFinal_ex(cipher.get(), text + size, &size) == 1);
    demand(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_size, text + secret.size()) == 1);
    return domain::to_hex(sealed);
}

std::optional<std::string> SecretBox::open(std::string_view sealed, std::string_view context) const
{
    auto bytes = domain::from_hex(sealed);
    if (!bytes || bytes->size() < 1 + nonce_size + tag_size) return std::nullopt;
    const auto* key = key_numbered(bytes->front());
    if (!key) return std::nullopt;

    const auto* nonce = bytes->data() + 1;
    const auto* text = nonce + nonce_size;
    const auto length = bytes->size() - 1 - nonce_size - tag_size;
    auto* tag = bytes->data() + bytes->size() - tag_size;
    const auto cipher = begin(0, key->bytes.data(), nonce, context);
    std::string secret(length, '\0');
    int size = 0;
    demand(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag) == 1);
    demand(EVP_CipherUpdate(cipher.get(), reinterpret_cast<std::uint8_t*>(secret.data()), &size, text, static_cast<int>(length)) == 1);
    std::uint8_t rest[16];
    if (EVP_CipherFinal_ex(cipher.get(), rest, &size) != 1) return std::nullopt;
    return secret;
}

bool SecretBox::is_current(std::string_view sealed) const
{
    const auto first = domain::from_hex(sealed.substr(0, 2));
    return first && !first->empty() && first->front() == keys_.front().number;
}

} // namespace gateway
