namespace Strake.Build;

/// <summary>The network of one RUN: <c>--network</c>.</summary>
public enum RunNetwork
{
    /// <summary>The build's network.</summary>
    Default,

    /// <summary>None but loopback.</summary>
    None,

    /// <summary>The host's.</summary>
    Host,
}
