namespace Strake.Build;

/// <summary>The rights of one RUN: <c>--security</c>.</summary>
public enum RunSecurity
{
    /// <summary>Those of a container.</summary>
    Sandbox,

    /// <summary>All; the build has to be allowed to (entitlement <c>security.insecure</c>).</summary>
    Insecure,
}
