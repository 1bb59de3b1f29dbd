#include "web_files.h"

#include <string_view>

// The files of web/, built into the program; paths are those of the repository, where it is compiled.
// NOLINTNEXTLINE(hicpp-no-assembler)
asm(".pushsection .rodata\n"
    ".macro web_file name, path\n"
    "web_\\name: .incbin \"\\path\"\n"
    "web_\\name\\()_end: .byte 0\n"
    ".endm\n"
    "web_file stripe_js, tools/stripe-fake/web/stripe.js\n"
    "web_file card_html, tools/stripe-fake/web/card.html\n"
    "web_file card_js, tools/stripe-fake/web/card.js\n"
    "web_file card_css, tools/stripe-fake/web/card.css\n"
    "web_file challenge_css, tools/stripe-fake/web/challenge.css\n"
    "web_file challenge_js, tools/stripe-fake/web/challenge.js\n"
    ".popsection\n");

#define WEB_FILE(name)                                                                                                                     \
    extern "C" const char web_##name[];                                                                                                    \
    extern "C" const char web_##name##_end[];
WEB_FILE(stripe_js)
WEB_FILE(card_html)
WEB_FILE(card_js)
WEB_FILE(card_css)
WEB_FILE(challenge_css)
WEB_FILE(challenge_js)
#undef WEB_FILE

namespace stripe_fake {
namespace {

void add(http::Router& router, const char* path, std::string_view content, const char* type)
{
    router.on("GET", path, [content, type](const http::Request&) {
        return http::Response{.body = std::string{content}, .content_type = type}
            .with("Cache-Control", "public, max-age=60")
            .with("Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'")
            .with("Cross-Origin-Resource-Policy", "cross-origin")
            .with("Referrer-Policy", "no-referrer")
            .with("X-Content-Type-Options", "nosniff");
    });
}

} // namespace

void add_web_routes(http::Router& router)
{
    constexpr const char* script = "text/javascript; charset=utf-8";
    constexpr const char* style = "text/css; charset=utf-8";
    const std::string_view stripe_js{web_stripe_js, web_stripe_js_end};
    add(router, "/v3", stripe_js, script);
    add(router, "/v3/", stripe_js, script);
    add(router, "/v3/stripe.js", stripe_js, script);
    add(router, "/v3/card.html", {web_card_html, web_card_html_end}, "text/html; charset=utf-8");
    add(router, "/v3/card.js", {web_card_js, web_card_js_end}, script);
    add(router, "/v3/card.css", {web_card_css, web_card_css_end}, style);
    add(router, "/v3/challenge.css", {web_challenge_css, web_challenge_css_end}, style);
    add(router, "/v3/challenge.js", {web_challenge_js, web_challenge_js_end}, script);
}

} // namespace stripe_fake
