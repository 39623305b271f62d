using System.Buffers.Text;
using System.Text;

namespace Strake.Containers.Spec;

/// <summary>One line of /etc/passwd, as far as it matters.</summary>
readonly record struct PasswdEntry(string Name, uint Uid, uint Gid, string Home);
