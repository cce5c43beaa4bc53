# What makes a fault in memory harder to turn into a way in, for programs that are shipped; the sanitizers of the other
# presets find the faults themselves. tools/hardening.py looks whether the programs have it.
if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    return()
endif()
# PIE: everything lies elsewhere at each start. No property, for a precompiled header is for all targets.
add_compile_options(-fPIE -fstack-protector-strong)
# RELRO and NOW: tables of functions are read-only once the program runs.
add_link_options(-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
# Calls of the C library check the length of what they write to.
add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|amd64|AMD64")
    add_compile_options(-fcf-protection=full)  # A jump lands where one may begin.
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
    add_compile_options(-mbranch-protection=standard)
endif()
