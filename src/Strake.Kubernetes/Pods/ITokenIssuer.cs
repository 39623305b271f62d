using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>Makes tokens for pods: each is its service account's, and good for as long as the pod is there, at most until its end.</summary>
public interface ITokenIssuer
{
    /// <summary>A new token.</summary>
    /// <param name="pod">For which pod.</param>
    /// <param name="audience">For whom it is; empty: this server.</param>
    /// <param name="end">When it ends.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="StrakeException">NotFound: the pod's account is not there.</exception>
    Task<string> IssueAsync(Pod pod, string audience, DateTimeOffset end, CancellationToken cancellationToken);
}
