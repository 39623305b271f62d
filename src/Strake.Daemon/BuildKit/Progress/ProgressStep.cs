using System.Security.Cryptography;
using System.Text;

namespace Strake.Daemon.BuildKit.Progress;

/// <summary>A part of a build that clients show on its own: a vertex in BuildKit's words.</summary>
/// <param name="Digest">Tells it from all others of the build: <c>sha256:…</c>.</param>
/// <param name="Name">What it is called: <c>[app 2/5] RUN make</c>; with <c>[internal] </c> in front what is no instruction.</param>
sealed record ProgressStep(string Digest, string Name)
{
    /// <summary>The digests of the steps that it waits for.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>A step known by something that is its own within the build.</summary>
    /// <param name="key">What that is.</param>
    /// <param name="name">What it is called.</param>
    public static ProgressStep Of(string key, string name) =>
        new("sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))), name);
}
