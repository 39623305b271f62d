namespace Strake.Daemon.KubernetesApi;

/// <summary>Who asks.</summary>
/// <param name="Name">The user's name.</param>
/// <param name="Groups">The groups to which the user belongs.</param>
sealed record UserIdentity(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>The group whose members may do everything.</summary>
    public const string Masters = "system:masters";

    /// <summary>Who has not said who he is.</summary>
    public static UserIdentity Anonymous { get; } = new("system:anonymous", ["system:unauthenticated"]);

    /// <summary>Whether the user may do everything.</summary>
    public bool IsMaster => Groups.Contains(Masters);

    /// <summary>Begins the names of service accounts; namespace and name follow, with a colon between.</summary>
    public const string ServiceAccountPrefix = "system:serviceaccount:";

    /// <summary>A service account, which is in a group of all of them and in one of its namespace's.</summary>
    /// <param name="name">Its name as a user.</param>
    public static UserIdentity OfServiceAccount(string name) =>
        Of(name, ["system:serviceaccounts", $"system:serviceaccounts:{name[ServiceAccountPrefix.Length..].Split(':')[0]}"]);

    /// <summary>Somebody known.</summary>
    public static UserIdentity Of(string name, IEnumerable<string> groups) => new(name, [.. groups, "system:authenticated"]);
}
