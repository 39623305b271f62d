namespace Strake.Linux;

/// <summary>How a <see cref="RootedDirectory"/> resolves paths.</summary>
public enum PathRule
{
    /// <summary>
    /// As a process would that has the directory as its root (RESOLVE_IN_ROOT): links are followed within it, <c>..</c> at the top stays there,
    /// an absolute path starts there. For container paths.
    /// </summary>
    InRoot,

    /// <summary>
    /// No link is followed, none may lead out, nothing above can be named (RESOLVE_BENEATH|RESOLVE_NO_SYMLINKS): what would is EXDEV or ELOOP.
    /// For names in archives.
    /// </summary>
    Strict,
}
