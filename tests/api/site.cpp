#include "site.h"

#include "gateway/random_uuid.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace site {
namespace {

std::size_t append(char* data, std::size_t size, std::size_t count, void* text)
{
    static_cast<std::string*>(text)->append(data, size * count);
    return size * count;
}

std::size_t note_header(char* data, std::size_t size, std::size_t count, void* answer)
{
    std::string line(data, size * count);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    const auto colon = line.find(": ");
    if (colon != std::string::npos) {
        auto name = line.substr(0, colon);
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        static_cast<Answer*>(answer)->headers.emplace_back(name, line.substr(colon + 2));
    }
    return size * count;
}

struct CloseHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

} // namespace

const Member the_operator{"admin", "admin-demo"};
const std::string small_vm{R"({"product":"ipv6-only-vm","parameters":{"cores":"1","ram":"0.5","os_disk_size":"1","os":"debian-12"}})"};

std::string Answer::header(const std::string& name) const
{
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return "";
}

std::size_t Answer::count(const std::string& name) const
{
    return static_cast<std::size_t>(std::ranges::count_if(headers, [&](const auto& pair) { return pair.first == name; }));
}

Json Answer::json() const { return {json_loadb(body.data(), body.size(), 0, nullptr), json_decref}; }

std::string Answer::at(const std::string& path) const
{
    const auto document = json();
    const json_t* value = document.get();
    std::istringstream parts{path};
    for (std::string part; std::getline(parts, part, '.');) {
        if (json_is_array(value)) value = json_array_get(value, static_cast<std::size_t>(std::stoul(part)));
        else value = json_object_get(value, part.c_str());
    }
    if (json_is_string(value)) return json_string_value(value);
    if (json_is_integer(value)) return std::to_string(json_integer_value(value));
    if (json_is_boolean(value)) return json_is_true(value) ? "true" : "false";
    return "";
}

Answer ask(const Ask& request)
{
    thread_local std::unique_ptr<CURL, CloseHandle> handle{curl_easy_init()};
    auto* curl = handle.get();
    curl_easy_reset(curl);
    Answer answer;
    const auto url = (request.path.starts_with('/') ? environment("TEST_URL") : "") + request.path;
    std::unique_ptr<curl_slist, FreeList> headers{curl_slist_append(nullptr, ("Content-Type: " + request.content_type).c_str())};
    for (const auto& header : request.headers) curl_slist_append(headers.get(), header.c_str());
    curl_slist_append(headers.get(), "Expect:");
    const auto certificate = url.starts_with("https:") ? environment("TEST_VAR") + "/tls/cert.pem" : std::string{};
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    if (!certificate.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, certificate.c_str());
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 25L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, note_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
    if (request.method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    if (!request.credentials.empty()) curl_easy_setopt(curl, CURLOPT_USERPWD, request.credentials.c_str());
    if (!request.body.empty()) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    if (curl_easy_perform(curl) != CURLE_OK) return {};
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    return answer;
}

Member fresh_member()
{
    const auto suffix = fresh_uuid().substr(24);
    const Member member{"test-" + suffix, "secret-" + suffix};
    const auto socket = shell("readlink -f " + environment("TEST_VAR") + "/run/slapd.sock");
    std::string url = "ldapi://";
    for (const char c : socket.substr(0, socket.find('\n'))) url += c == '/' ? "%2F" : std::string(1, c);
    shell("ldapadd -Q -Y EXTERNAL -H " + url + " >/dev/null 2>&1 <<END\ndn: uid=" + member.name
        + ",ou=people,dc=uncloud,dc=example\nobjectClass: inetOrgPerson\nuid: " + member.name + "\ncn: Test Member\nsn: Member\nmail: "
        + member.name + "@example.ch\nuserPassword: $(slappasswd -s " + member.password + ")\nEND");
    if (member.get("/account").status != 200) throw std::runtime_error{"a fresh member cannot sign in"};
    return member;
}

Member member_speaking(const std::string& language)
{
    auto member = fresh_member();
    if (member.send("PUT", "/account", R"({"language":")" + language + "\"}").status != 200) throw std::runtime_error{"no language"};
    return member;
}

Member member_on_bill()
{
    auto member = fresh_member();
    const auto applied = member.send("POST", "/payment-methods", R"({"type":"invoice"})");
    if (the_operator.send("POST", "/admin/approvals/" + applied.at("id") + "/approve", "{}").status != 200)
        throw std::runtime_error{"not approved"};
    if (member.send("POST", "/membership", "{}").status != 201) throw std::runtime_error{"not joined"};
    return member;
}

Member member_with_card()
{
    auto member = fresh_member();
    if (member.send("POST", "/payment-methods", R"({"type":"card","token":"pm_card_visa"})").status != 201)
        throw std::runtime_error{"no card"};
    return member;
}

Member joined_member()
{
    auto member = member_with_card();
    if (member.send("POST", "/membership").status != 201) throw std::runtime_error{"no membership"};
    return member;
}

std::string active_vm(const Member& member)
{
    if (member.send("PUT", "/orders/" + fresh_uuid(), small_vm).status != 201) throw std::runtime_error{"no order"};
    const auto list =
        eventually([&] { return member.get("/vm"); }, [](const Answer& answer) { return answer.at("items.0.status") == "active"; });
    if (list.at("items.0.status") != "active") throw std::runtime_error{"the VM does not become active"};
    return list.at("items.0.uuid");
}

std::string fresh_uuid() { return gateway::random_uuid().text(); }

Answer eventually(const std::function<Answer()>& question, const std::function<bool(const Answer&)>& wish)
{
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (true) {
        auto answer = question();
        if (wish(answer) || std::chrono::steady_clock::now() > until) return answer;
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
}

void at_once(int threads, const std::function<void(int)>& work)
{
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i) running.emplace_back([&work, i] { work(i); });
}

std::string shell(const std::string& command)
{
    std::unique_ptr<FILE, int (*)(FILE*)> pipe{::popen(command.c_str(), "r"), ::pclose};
    if (!pipe) throw std::runtime_error{"cannot run " + command};
    std::string output;
    char buffer[4096];
    for (std::size_t size; (size = std::fread(buffer, 1, sizeof buffer, pipe.get())) > 0;) output.append(buffer, size);
    if (const int status = ::pclose(pipe.release()); status != 0) throw std::runtime_error{"failed: " + command};
    return output;
}

std::string environment(const char* name)
{
    const char* value = std::getenv(name);
    if (!value) throw std::runtime_error{std::string{name} + " is not set; use tests/run"};
    return value;
}

std::map<std::string, int> services()
{
    std::map<std::string, int> found;
    std::istringstream lines{shell("cat " + environment("TEST_VAR") + "/run/status")};
    for (std::string name, pid, state; lines >> name >> pid >> state;)
        if (state == "running") found[name] = std::stoi(pid);
    return found;
}

} // namespace site
