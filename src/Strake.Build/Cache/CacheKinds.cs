namespace Strake.Build;

/// <summary>The kinds of things that a build leaves for later ones, in BuildKit's words.</summary>
static class CacheKinds
{
    /// <summary>A step's layer.</summary>
    public const string Regular = "regular";

    /// <summary>A directory of <c>RUN --mount=type=cache</c>.</summary>
    public const string Mount = "exec.cachemount";
}
