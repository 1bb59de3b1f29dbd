#include "gateway/mail.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <string_view>

namespace gateway {
namespace {

struct CleanUp {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

CURL* new_handle()
{
    static const CURLcode library = curl_global_init(CURL_GLOBAL_DEFAULT); // once, before any handle
    auto* handle = library == CURLE_OK ? curl_easy_init() : nullptr;
    if (!handle) throw std::bad_alloc{};
    return handle;
}

/// How far a conversation has come.
struct Conversation {
    std::string_view bytes{};   ///< of the mail, not yet handed over
    bool is_handed_over{false}; ///< all of it: from here on the server may have taken it
    std::string command{};      ///< the last one, its first word; empty before the first
    std::string reply{};        ///< the last line that the server said
    bool is_over{false};        ///< it ends politely: nothing that follows matters
};

std::size_t hand_over(char* buffer, std::size_t size, std::size_t count, void* data) noexcept
{
    auto& talk = *static_cast<Conversation*>(data);
    const auto taken = std::min(size * count, talk.bytes.size());
    std::memcpy(buffer, talk.bytes.data(), taken);
    talk.bytes.remove_prefix(taken);
    talk.is_handed_over = talk.bytes.empty();
    return taken;
}

bool is_command(std::string_view word)
{
    constexpr std::array<std::string_view, 7> commands{"EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA"};
    return std::ranges::find(commands, word) != commands.end();
}

/// Of commands the first word alone is kept, of anything else nothing: what follows AUTH, on its line or the next, is a secret.
int listen(CURL*, curl_infotype type, char* data, std::size_t size, void* user) noexcept
try {
    auto& talk = *static_cast<Conversation*>(user);
    const std::string_view line{data, size};
    const auto word = line.substr(0, line.find_first_of(" \r\n"));
    if (type == CURLINFO_HEADER_OUT && word == "QUIT") talk.is_over = true;
    if (talk.is_over) return 0;
    if (type == CURLINFO_HEADER_OUT && is_command(word)) talk.command = word;
    if (type == CURLINFO_HEADER_IN) talk.reply = line.substr(0, line.find_first_of("\r\n"));
    return 0;
} catch (const std::bad_alloc&) {
    return 0;
}

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) noexcept { return size * count; }

/// The status code in front of a reply; 0 if there is none.
int code_of(const std::string& reply)
{
    int code = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        if (i >= reply.size() || reply[i] < '0' || reply[i] > '9') return 0;
        code = code * 10 + (reply[i] - '0');
    }
    return code;
}

/// Where it went wrong decides whom it concerns: what the server says to RCPT and to the content is about this mail, everything
/// before is about us and it.
MailResult judge(CURLcode result, const Conversation& talk)
{
    const auto code = code_of(talk.reply);
    const bool was_refused = code >= 400;
    if (talk.is_handed_over && !was_refused)
        return {MailOutcome::unknown, std::string{"no answer to the mail: "} + curl_easy_strerror(result), true};
    const bool is_about_the_mail = talk.is_handed_over || talk.command == "RCPT";
    if (was_refused && is_about_the_mail && code != 421)
        return {code >= 500 ? MailOutcome::refused_for_ever : MailOutcome::try_again, talk.reply};
    const auto said = was_refused ? talk.reply : std::string{curl_easy_strerror(result)};
    return {MailOutcome::try_again, talk.command.empty() ? said : talk.command + ": " + said, true};
}

class SmtpMail : public MailGateway {
public:
    explicit SmtpMail(SmtpSettings settings) : settings_{std::move(settings)} {}

    ~SmtpMail() override { hang_up(); }
    SmtpMail(const SmtpMail&) = delete;
    SmtpMail& operator=(const SmtpMail&) = delete;

    MailResult send(const Mail& mail) override
    {
        Conversation talk{.bytes = mail.bytes};
        auto result = converse(mail, talk);
        const bool was_stale = result != CURLE_OK && !talk.is_handed_over && code_of(talk.reply) == 0 && is_reused();
        if (was_stale) { // the server had hung up on the kept connection
            talk = {.bytes = mail.bytes};
            curl_easy_setopt(handle_.get(), CURLOPT_FRESH_CONNECT, 1L);
            result = converse(mail, talk);
        }
        if (result == CURLE_OK) return {MailOutcome::sent};
        auto judged = judge(result, talk);
        if (judged.ends_the_pass) hang_up();
        return judged;
    }

private:
    CURLcode converse(const Mail& mail, Conversation& talk)
    {
        const std::unique_ptr<curl_slist, CleanUp> receiver{curl_slist_append(nullptr, ('<' + mail.to + '>').c_str())};
        if (!receiver) throw std::bad_alloc{};
        if (!handle_) handle_.reset(new_handle());
        auto* curl = handle_.get();
        set_up(curl);
        curl_easy_setopt(curl, CURLOPT_MAIL_FROM, ('<' + mail.from + '>').c_str());
        curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, receiver.get());
        curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.bytes.size()));
        curl_easy_setopt(curl, CURLOPT_READDATA, &talk);
        curl_easy_setopt(curl, CURLOPT_DEBUGDATA, &talk);
        const auto result = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &connects_);
        curl_easy_reset(curl); // keeps the connection
        return result;
    }

    void set_up(CURL* curl) const
    {
        const auto url = std::string{settings_.security == MailSecurity::tls ? "smtps://" : "smtp://"} + settings_.host + ':'
            + std::to_string(settings_.port) + '/' + settings_.client_name;
        curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_easy_setopt(
            curl, CURLOPT_USE_SSL, static_cast<long>(settings_.security == MailSecurity::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
        curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
        if (!settings_.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, settings_.ca_file.c_str());
        if (!settings_.user.empty()) {
            curl_easy_setopt(curl, CURLOPT_USERNAME, settings_.user.c_str());
            curl_easy_setopt(curl, CURLOPT_PASSWORD, settings_.password.c_str());
        }
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L); // timeouts without SIGALRM: we have threads
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings_.connect_timeout.count()));
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(settings_.timeout.count()));
        curl_easy_setopt(curl, CURLOPT_MAXAGE_CONN, 20L); // seconds; servers hang up on the idle
        curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, &hand_over);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &ignore);
        curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L); // else nobody tells us of commands and replies
        curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, &listen);
    }

    /// Ends the connection without another word: libcurl would wait two minutes for an answer to QUIT.
    void hang_up() noexcept
    {
        curl_socket_t socket = CURL_SOCKET_BAD;
        if (handle_ && curl_easy_getinfo(handle_.get(), CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK && socket != CURL_SOCKET_BAD)
            ::shutdown(socket, SHUT_RDWR);
        handle_.reset();
    }

    bool is_reused() const { return connects_ == 0; }

    SmtpSettings settings_;
    std::unique_ptr<CURL, CleanUp> handle_{};
    long connects_{0};
};

} // namespace

std::unique_ptr<MailGateway> make_smtp_mail(const SmtpSettings& settings) { return std::make_unique<SmtpMail>(settings); }

} // namespace gateway
