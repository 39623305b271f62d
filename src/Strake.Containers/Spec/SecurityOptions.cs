namespace Strake.Containers.Spec;

/// <summary>What <c>--security-opt</c> says.</summary>
/// <param name="NoNewPrivileges">Whether programs with setuid or file capabilities gain nothing.</param>
/// <param name="Seccomp">The profile; null: the default.</param>
sealed record SecurityOptions(bool NoNewPrivileges, string? Seccomp)
{
    /// <summary>Parses all options. Pure.</summary>
    /// <exception cref="StrakeException">Invalid or NotSupported: names the option.</exception>
    public static SecurityOptions Parse(IReadOnlyList<string>? options)
    {
        bool noNewPrivileges = false;
        string? seccomp = null;
        foreach (string option in options ?? [])
        {
            // Docker takes both signs; the older is the colon.
            int sign = option.AsSpan().IndexOfAny('=', ':');
            string name = sign < 0 ? option : option[..sign];
            string value = sign < 0 ? "" : option[(sign + 1)..];
            switch (name, value)
            {
                case ("no-new-privileges", "" or "true"):
                    noNewPrivileges = true;
                    break;
                case ("no-new-privileges", "false"):
                    noNewPrivileges = false;
                    break;
                case ("seccomp", { Length: > 0 }):
                    seccomp = value;
                    break;
                // This engine applies neither, so that not to apply them is nothing to do.
                case ("apparmor", "unconfined") or ("label", "disable") or ("systempaths", "unconfined"):
                    break;
                case ("apparmor" or "label", _):
                    throw StrakeException.NotSupported($"HostConfig.SecurityOpt {option} is not supported yet");
                default:
                    throw StrakeException.Invalid($"invalid --security-opt 2: \"{option}\"");
            }
        }

        return new SecurityOptions(noNewPrivileges, seccomp);
    }
}
