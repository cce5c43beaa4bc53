#pragma once
// For tests against other people's programs: one that says lines on its standard output, and may be
// told some on its standard input.

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "foundation/result.h"

namespace mobilytics::services {

/// Runs while this lives.
class ScriptProcess {
  public:
    /// words[0] is looked for in PATH.
    explicit ScriptProcess(std::vector<std::string> words) {
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        int out[2], in[2];
        VERIFY(::pipe2(out, O_CLOEXEC) == 0 && ::pipe2(in, O_CLOEXEC) == 0);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_adddup2(&files, in[0], 0);
        posix_spawn_file_actions_adddup2(&files, out[1], 1);
        VERIFY(
            ::posix_spawnp(&process_, arguments[0], &files, nullptr, arguments.data(), environ) ==
            0);
        posix_spawn_file_actions_destroy(&files);
        ::close(out[1]);
        ::close(in[0]);
        output_ = ::fdopen(out[0], "r");
        input_ = ::fdopen(in[1], "w");
    }
    ~ScriptProcess() {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
        std::fclose(output_);
        std::fclose(input_);
    }
    ScriptProcess(const ScriptProcess&) = delete;
    ScriptProcess& operator=(const ScriptProcess&) = delete;

    /// The next that it says; empty when it has ended.
    std::string line() {
        std::string out;
        for (int c = 0; (c = std::fgetc(output_)) != EOF && c != '\n';) out += static_cast<char>(c);
        return out;
    }
    void tell(const std::string& line) {
        std::fputs((line + "\n").c_str(), input_);
        std::fflush(input_);
    }

  private:
    pid_t process_ = 0;
    std::FILE* output_ = nullptr;
    std::FILE* input_ = nullptr;
};

}  // namespace mobilytics::services
