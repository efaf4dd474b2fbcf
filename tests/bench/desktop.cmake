# SPDX-License-Identifier: GPL-3.0-or-later
if(TIPHYS_UI)
    add_bench(frames SOURCES frames_bench.cpp USES ui::ui tiphys_test_support)
    add_bench(latency SOURCES latency_bench.cpp USES ui::ui app::compose app::composelocal engine::control engine::demo Qt6::Test)
endif()
