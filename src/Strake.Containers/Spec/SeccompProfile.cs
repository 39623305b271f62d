using System.Text.Json;
using Strake.Containers.Oci;

namespace Strake.Containers.Spec;

/// <summary>Which system calls a container may make: Docker's default, a profile that the user gives, or all.</summary>
static class SeccompProfile
{
    const string Allow = "SCMP_ACT_ALLOW";
    const string Refuse = "SCMP_ACT_ERRNO";
    const uint Eperm = 1;
    const uint Enosys = 38;

    /// <summary>The profile that <c>--security-opt seccomp=…</c> asks for.</summary>
    /// <param name="option">What stands after the sign: nothing or <c>builtin</c>, <c>unconfined</c>, or a profile's JSON.</param>
    /// <param name="capabilities">The container's capabilities.</param>
    /// <param name="machine">The machine, as uname(2) calls it.</param>
    /// <returns>The profile; null: everything is allowed.</returns>
    /// <exception cref="StrakeException">Invalid: the JSON is no profile.</exception>
    public static OciSeccomp? Choose(string? option, IReadOnlyCollection<string> capabilities, string machine) => option switch
    {
        null or "" or "builtin" => Default(capabilities, machine),
        "unconfined" => null,
        _ => Given(option),
    };

    /// <summary>Docker's default policy.</summary>
    /// <param name="capabilities">The container's capabilities.</param>
    /// <param name="machine">The machine, as uname(2) calls it.</param>
    public static OciSeccomp Default(IReadOnlyCollection<string> capabilities, string machine)
    {
        List<OciSyscall> syscalls = [new(Names(capabilities, machine), Allow)];
        syscalls.Add(new(["socket"], Allow, Args: [new(0, SeccompTable.VsockFamily, "SCMP_CMP_NE")]));
        syscalls.AddRange(SeccompTable.Personalities.Select(
            persona => new OciSyscall(["personality"], Allow, Args: [new(0, persona, "SCMP_CMP_EQ")])));
        if (!capabilities.Contains("CAP_SYS_ADMIN"))
        {
            // clone3's flags lie in memory, where a filter cannot look; with ENOSYS the C library falls back to clone.
            uint flags = machine == "s390x" ? 1u : 0u;
            syscalls.Add(new(["clone"], Allow, Args: [new(flags, SeccompTable.NamespaceFlags, "SCMP_CMP_MASKED_EQ", 0)]));
            syscalls.Add(new(["clone3"], Refuse, Enosys));
        }

        return new OciSeccomp
        {
            DefaultAction = Refuse,
            DefaultErrnoRet = Eperm,
            Architectures = SeccompTable.Architectures.FirstOrDefault(pair => pair.Machine == machine).Architectures,
            Syscalls = syscalls,
        };
    }

    static List<string> Names(IReadOnlyCollection<string> capabilities, string machine)
    {
        HashSet<string> names = [.. Words(SeccompTable.Allowed)];
        foreach ((string on, string more) in SeccompTable.ByMachine)
        {
            if (on == machine)
                names.UnionWith(Words(more));
        }

        foreach ((string capability, string more) in SeccompTable.ByCapability)
        {
            if (capabilities.Contains(capability))
                names.UnionWith(Words(more));
        }

        return [.. names];
    }

    // Docker's own profile format adds archMap, includes and excludes to the runtime's; those are refused, for to drop
    // them would change what the profile means.
    static OciSeccomp Given(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.TryGetProperty("archMap", out _)
                || (document.RootElement.TryGetProperty("syscalls", out JsonElement rules)
                    && rules.EnumerateArray().Any(static rule => rule.TryGetProperty("includes", out _) || rule.TryGetProperty("excludes", out _))))
            {
                throw StrakeException.NotSupported("seccomp profile: archMap, includes and excludes are not supported yet");
            }

            return document.Deserialize(OciJson.Default.OciSeccomp) ?? throw StrakeException.Invalid("Decoding seccomp profile failed: null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw StrakeException.Invalid($"Decoding seccomp profile failed: {e.Message}", e);
        }
    }

    static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
