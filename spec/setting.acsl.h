/* The logic of settings (alloc/setting.h): what the environment said last. */
#pragma once

//@ ghost const char *setting_given;
