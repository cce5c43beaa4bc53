#pragma once
// A running server has the store's file to itself; whoever makes a backup asks it for a copy. They
// ask through PostgreSQL, which only who may do everything reaches as its owner.

#include <filesystem>
#include <string>
#include <thread>

#include "pipeline/store/store.h"
#include "platform/pg/listener.h"
#include "platform/pg/pg.h"

namespace mobilytics::server {

/// Where copies are put, and what is known of backups.
inline std::filesystem::path backup_folder(const std::filesystem::path& data) {
    return data / "backup";
}

/// The server's side: a thread that waits for who asks. One copy at a time.
class StoreCopies {
  public:
    /// What it is given must outlive this.
    StoreCopies(store::Store& store, pg::Address system, std::filesystem::path data);
    ~StoreCopies();
    StoreCopies(const StoreCopies&) = delete;
    StoreCopies& operator=(const StoreCopies&) = delete;

  private:
    void run();
    std::string copied(const std::string& name);

    store::Store& store_;
    const pg::Address system_;
    const std::filesystem::path folder_;
    pg::Listener listener_;
    std::thread thread_;
};

/// The other side: the file of a copy that the server made, to be taken away. Throws
/// std::runtime_error, saying what to do, when it does not come within `wait_max`.
std::filesystem::path ask_for_copy(
    const pg::Address& owner, const std::filesystem::path& data, std::chrono::minutes wait_max);

}  // namespace mobilytics::server
