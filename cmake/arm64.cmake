# For Debian 12 on arm64, with clang 19 and the libraries that packaging/sensor/sysroot unpacked.
set(MOBILYTICS_SYSROOT "" CACHE PATH "Debian's arm64 libraries")
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES MOBILYTICS_SYSROOT)
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER clang++-19)
set(CMAKE_CXX_COMPILER_TARGET aarch64-linux-gnu)
set(CMAKE_C_COMPILER clang-19)  # FindThreads, in what packages bring, asks for it.
set(CMAKE_C_COMPILER_TARGET aarch64-linux-gnu)
set(CMAKE_SYSROOT ${MOBILYTICS_SYSROOT})
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)  # protoc, python3: they run here.
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${MOBILYTICS_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR}
    ${MOBILYTICS_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${MOBILYTICS_SYSROOT}/usr/share/pkgconfig)
