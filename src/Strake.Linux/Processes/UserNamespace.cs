namespace Strake.Linux;

/// <summary>The user namespace that this process is in (<c>user_namespaces(7)</c>).</summary>
public static class UserNamespace
{
    /// <summary>Whether it is the first one, where root is the machine's root: elsewhere <c>trusted.*</c> attributes and devices are out of reach.</summary>
    public static bool IsInitial { get; } = Covers(File.ReadAllText("/proc/self/uid_map"));

    /// <summary>Whether a map of users (/proc/PID/uid_map) is that of the first namespace: all users, each as itself. Pure.</summary>
    public static bool Covers(string map) => map.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is ["0", "0", "4294967295"];
}
