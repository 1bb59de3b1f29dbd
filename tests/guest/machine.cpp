#include "guest/machine.h"

#include <fstream>
#include <sstream>
#include <thread>

namespace guest {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// The folder where tests/guest/build-guest left the kernel.
std::string parts()
{
    const char* folder = std::getenv("TEST_GUEST");
    if (!folder) throw std::runtime_error{"TEST_GUEST is not set: run this suite by tests/run"};
    return folder;
}

/// Short, as the sockets in it may have 107 bytes.
fs::path new_folder()
{
    std::string pattern{"/tmp/guest-XXXXXX"};
    BOOST_TEST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    return pattern;
}

void run(const std::vector<std::string>& argv)
{
    const auto result = gateway::run_child(argv, 60s);
    BOOST_TEST_REQUIRE((result.end == gateway::ChildEnd::exited && result.code == 0), argv[0] << ": " << result.errors);
}

std::string text_of(const fs::path& file)
{
    std::ostringstream text;
    text << std::ifstream{file}.rdbuf();
    return text.str();
}

gateway::Image image_in(Disk disk, const fs::path& folder, const domain::Uuid& uuid)
{
    return {.pool = disk == Disk::rbd ? "vms" : ".", .name = uuid.text(), .monitor = gateway::monitor_socket(folder, uuid)};
}

} // namespace

std::ostream& operator<<(std::ostream& out, Disk disk) { return out << (disk == Disk::rbd ? "rbd" : "qcow2"); }

bool becomes_true(const std::function<bool()>& condition, std::chrono::seconds patience)
{
    for (const auto deadline = std::chrono::steady_clock::now() + patience; std::chrono::steady_clock::now() < deadline;
         std::this_thread::sleep_for(100ms))
        if (condition()) return true;
    return false;
}

Machine::Machine(Disk disk, const domain::Uuid& name)
    : uuid{name},
      folder{new_folder()},
      image{image_in(disk, folder, uuid)},
      storage{disk == Disk::rbd ? fake::ceph_storage_of("worker") : gateway::make_qcow2_storage(folder)},
      disk_{disk}
{
    lay_disk();
    boot();
}

Machine::~Machine()
{
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    fs::remove_all(folder);
}

/// An empty file system.
void Machine::lay_disk() const
{
    const auto raw = folder / "raw";
    run({"truncate", "--size", "64M", raw});
    run({"mkfs.ext4", "-q", raw});
    if (disk_ == Disk::rbd) {
        run({"rbd", "--conf", fake::ceph_conf(), "--id", "admin", "import", "--no-progress", raw, "vms/" + image.name});
    } else {
        BOOST_TEST_REQUIRE(storage->create_image(image, 1) == gateway::StorageAnswer::done);
        run({"qemu-img", "convert", "-n", "-f", "raw", "-O", "qcow2", raw, file()});
    }
    fs::remove(raw);
}

std::string Machine::block_device() const
{
    if (disk_ == Disk::qcow2) return "driver=qcow2,node-name=disk0,file.driver=file,file.filename=" + file();
    return "driver=rbd,node-name=disk0,pool=vms,user=hypervisor,image=" + image.name + ",conf=" + fake::ceph_conf();
}

void Machine::boot()
{
    const auto console = folder / "console";
    const auto kernel = parts() + "/vmlinuz", initramfs = parts() + "/initramfs", block = block_device();
    const auto agent_socket = folder / (uuid.text() + ".agent");
    const auto character_device = "socket,server=on,wait=off,id=agent,path=" + agent_socket.string();
    const auto monitor = "unix:" + image.monitor + ",server=on,wait=off", serial = "file:" + console.string();
    for (const auto& old : {console, agent_socket, fs::path{image.monitor}}) fs::remove(old); // an abandoned socket means that it is off
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::execlp("qemu-system-x86_64", "qemu-system-x86_64", "-accel", "tcg", "-m", "192", "-nodefaults", "-no-user-config", "-display",
            "none", "-no-reboot", "-kernel", kernel.c_str(), "-initrd", initramfs.c_str(), "-append",
            "console=ttyS0 quiet panic=-1 no_timer_check", "-serial", serial.c_str(), "-blockdev", block.c_str(), "-device",
            "virtio-blk-pci,drive=disk0", "-device", "virtio-serial", "-chardev", character_device.c_str(), "-device",
            "virtserialport,chardev=agent,name=org.qemu.guest_agent.0", "-qmp", monitor.c_str(), nullptr);
        ::_exit(127);
    }
    const bool is_up = becomes_true([&] { return !lives() || answers(); }, 120s) && lives();
    BOOST_TEST_REQUIRE(is_up, "the guest does not come up: " << text_of(console));
}

bool Machine::answers() const
{
    return agent->power(uuid) == gateway::GuestPower::on && agent->status(uuid) == gateway::FreezeStatus::thawed;
}

bool Machine::lives()
{
    if (::waitpid(pid_, nullptr, WNOHANG) != 0) pid_ = 0;
    return pid_ > 0;
}

void Machine::power_off()
{
    tell("quit");
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
}

void Machine::tell(const std::string& command)
{
    gateway::QemuMonitor monitor{image.monitor};
    BOOST_TEST_REQUIRE(monitor.is_ready());
    monitor.execute(command, "{}", 5s); // "quit" may end it before it answers
}

Machine::FileSystem Machine::file_system_of(const std::string& snapshot) const
{
    const auto copy = folder / "copy";
    if (disk_ == Disk::rbd)
        run({"rbd", "--conf", fake::ceph_conf(), "--id", "admin", "export", "--no-progress", "vms/" + image.name + "@" + snapshot, copy});
    else run({"qemu-img", "convert", "-U", "-f", "qcow2", "-l", "snapshot.name=" + snapshot, "-O", "raw", file(), copy});
    const auto header = gateway::run_child({"dumpe2fs", "-h", copy}, 30s);
    BOOST_TEST_REQUIRE(header.code == 0, header.errors);
    const auto check = gateway::run_child({"e2fsck", "-fn", copy}, 60s);
    BOOST_TEST_MESSAGE(check.output);
    fs::remove(copy);
    return {.needs_recovery = header.output.find("needs_recovery") != std::string::npos, .fsck = check.code};
}

} // namespace guest
