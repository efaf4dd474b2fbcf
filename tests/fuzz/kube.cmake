# SPDX-License-Identifier: GPL-3.0-or-later
# Only the readers of the folder, which need no Qt: the folder itself is not built here.
set(kube ${CMAKE_SOURCE_DIR}/engine/kube)
add_fuzz_target(kubeconfig SOURCES kubeconfig_fuzz.cpp ${kube}/kubeconfig.cpp USES object base)
