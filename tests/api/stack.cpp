#include "api/stack.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace api_test {
namespace {

using namespace std::chrono_literals;

std::string socket_path(const std::string& name)
{
    char* real = ::realpath((environment("TEST_VAR") + "/run").c_str(), nullptr);
    const std::string folder = real ? real : "";
    std::free(real);
    return folder + '/' + name;
}

/// Stored as the demo's accounts are: hashed.
std::string salted_hash(const std::string& password)
{
    const auto salt = random_hex(8);
    const auto text = password + salt;
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    return "{SSHA}" + base64(std::string{reinterpret_cast<const char*>(digest), sizeof digest} + salt);
}

std::string ldap_url()
{
    std::string url{"ldapi://"};
    for (const char c : socket_path("slapd.sock")) url += c == '/' ? std::string{"%2F"} : std::string(1, c);
    return url;
}

[[noreturn]] void become(const std::vector<std::string>& command, const std::map<std::string, std::string>* env)
{
    std::vector<std::string> pairs;
    std::vector<char*> envp;
    if (env)
        for (const auto& [name, value] : *env) pairs.push_back(name + '=' + value);
    for (auto& pair : pairs) envp.push_back(pair.data());
    envp.push_back(nullptr);
    std::vector<std::string> copies{command};
    std::vector<char*> argv;
    for (auto& argument : copies) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::execvpe(argv[0], argv.data(), env ? envp.data() : environ);
    ::_exit(127);
}

void require(bool condition, const std::string& what)
{
    if (!condition) throw std::runtime_error{what};
}

} // namespace

std::string environment(const std::string& name)
{
    const char* value = std::getenv(name.c_str());
    if (!value) throw std::runtime_error{name + " is not set; run tests/run api"};
    return value;
}

Finished run(const std::vector<std::string>& command, const std::string& input, const std::map<std::string, std::string>* env)
{
    std::FILE* const given = std::tmpfile();
    require(given && std::fwrite(input.data(), 1, input.size(), given) == input.size(), "no temporary file");
    std::rewind(given);
    std::array<int, 2> out{};
    require(::pipe2(out.data(), O_CLOEXEC) == 0, "no pipe");
    const auto child = ::fork();
    require(child >= 0, "no process");
    if (child == 0) {
        ::dup2(::fileno(given), STDIN_FILENO);
        ::dup2(out[1], STDOUT_FILENO);
        become(command, env);
    }
    std::fclose(given);
    ::close(out[1]);
    Finished finished;
    char buffer[16384];
    for (ssize_t got; (got = ::read(out[0], buffer, sizeof buffer)) > 0;) finished.out.append(buffer, static_cast<std::size_t>(got));
    ::close(out[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    finished.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return finished;
}

std::string sql(const std::string& statement)
{
    const auto done = run({"mariadb", "--no-defaults", "--socket", socket_path("mariadb.sock"), "--batch", "--skip-column-names",
        "--execute", statement, "uncloud"});
    require(done.status == 0, "SQL failed: " + statement);
    return done.out;
}

pid_t pid_of(const std::string& service)
{
    std::istringstream lines{run({"tools/stack/stack", "status"}).out};
    std::string name, state;
    for (pid_t pid = 0; lines >> name >> pid >> state;)
        if (name == service && state == "running") return pid;
    return 0;
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience)
{
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(20ms);
    }
    return true;
}

std::string random_hex(std::size_t digits)
{
    std::string hex(digits, '0');
    for (auto& digit : hex) {
        unsigned char byte = 0;
        require(RAND_bytes(&byte, 1) == 1, "no random bytes");
        digit = "0123456789abcdef"[byte & 0x0f];
    }
    return hex;
}

std::string random_uuid()
{
    return random_hex(8) + '-' + random_hex(4) + "-4" + random_hex(3) + "-8" + random_hex(3) + '-' + random_hex(12);
}

Credentials new_account()
{
    const Credentials who{"m" + random_hex(10), "pw-" + random_hex(24)};
    const auto entry = "dn: uid=" + who.username + ",ou=people,dc=uncloud,dc=example\nobjectClass: inetOrgPerson\nuid: " + who.username
        + "\ncn: Test " + who.username + "\nsn: Test\nmail: " + who.username + "@example.ch\nuserPassword: " + salted_hash(who.password)
        + "\n";
    require(run({"ldapadd", "-Q", "-Y", "EXTERNAL", "-H", ldap_url()}, entry).status == 0, "ldapadd failed");
    return who;
}

Member fresh_member() { return Member{new_account()}; }

Member joined_member()
{
    auto member = fresh_member();
    const auto card = member.post("/payment-methods", R"({"type":"card","token":"pm_card_visa"})");
    require(card.status == 201, "the card was not registered: " + card.body);
    const auto joined = member.post("/membership");
    require(joined.status == 201, "not joined: " + joined.body);
    return member;
}

Member nicocustomer() { return Member{{"nicocustomer", "xxx"}}; }
Member nico() { return Member{{"nico", "yourpassword"}}; }
Member anna() { return Member{{"anna", "anna-demo"}}; }
Member the_operator() { return Member{{"admin", "admin-demo"}}; }

std::string vm_order(const std::string& uuid)
{
    const auto given = uuid.empty() ? "" : R"("uuid":")" + uuid + R"(",)";
    return '{' + given + R"("product":"ipv6-only-vm","parameters":{"cores":1,"ram":0.5,"os_disk_size":1,"os":"debian-12"}})";
}

std::string active_vm(Client& member, const std::string& order_uuid)
{
    std::string vm;
    eventually([&] {
        const auto items = member.get("/vm?limit=100")["items"];
        for (std::size_t i = 0; i < items.size(); ++i)
            if (items[i]["order"].text() == order_uuid && items[i]["status"].text() == "active") vm = items[i]["uuid"].text();
        return !vm.empty();
    });
    return vm;
}

std::string new_vm(Client& member)
{
    const auto order = member.post("/orders", vm_order());
    require(order.status == 201, "the VM was not ordered: " + order.body);
    const auto vm = active_vm(member, order["uuid"].text());
    require(!vm.empty(), "the VM did not become active");
    return vm;
}

std::string await_snapshot(Client& member, const std::string& uuid, const std::string& status)
{
    std::string seen;
    eventually([&] { return (seen = member.get("/snapshots/" + uuid)["status"].text()) == status; });
    return seen;
}

std::string new_snapshot(Client& member, const std::string& vm)
{
    const auto asked = member.post("/vm/create_snapshot", R"({"uuid":")" + vm + R"("})");
    require(asked.status == 202, "the snapshot was not taken: " + asked.body);
    const auto uuid = asked["uuid"].text();
    require(await_snapshot(member, uuid, "ready") == "ready", "the snapshot did not become ready");
    return uuid;
}

} // namespace api_test
