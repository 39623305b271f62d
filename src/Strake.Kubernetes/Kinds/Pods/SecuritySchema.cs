using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Users, groups and rights.</summary>
static class SecuritySchema
{
    /// <summary>The capabilities to add and drop.</summary>
    public static Schema Capabilities { get; } = Record(
        Definitions.Core + "Capabilities", "The capabilities to add and drop.",
        Field("add", List(Text), "Capabilities to add."),
        Field("drop", List(Text), "Capabilities to drop."));

    /// <summary>The SELinux label.</summary>
    public static Schema SELinuxOptions { get; } = Record(
        Definitions.Core + "SELinuxOptions", "The SELinux label.",
        Field("user", Text, "The user."),
        Field("role", Text, "The SELinux role."),
        Field("type", Text, "The type."),
        Field("level", Text, "The SELinux level."));

    /// <summary>What holds on Windows alone.</summary>
    public static Schema WindowsSecurityContextOptions { get; } = Record(
        Definitions.Core + "WindowsSecurityContextOptions", "What holds on Windows alone.",
        Field("gmsaCredentialSpecName", Text, "Name of those credentials."),
        Field("gmsaCredentialSpec", Text, "Credentials of a Windows service account."),
        Field("runAsUserName", Text, "The user of the process (Windows)."),
        Field("hostProcess", Flag, "Whether the container runs as a process of the host (Windows)."));

    /// <summary>The seccomp profile.</summary>
    public static Schema SeccompProfile { get; } = Record(
        Definitions.Core + "SeccompProfile", "The seccomp profile.",
        Field("type", Text, "The type.").Required(),
        Field("localhostProfile", Text, "The profile's file or name on the node."));

    /// <summary>The AppArmor profile.</summary>
    public static Schema AppArmorProfile { get; } = Record(
        Definitions.Core + "AppArmorProfile", "The AppArmor profile.",
        Field("type", Text, "The type.").Required(),
        Field("localhostProfile", Text, "The profile's file or name on the node."));

    /// <summary>Users, groups and rights of a container.</summary>
    public static Schema SecurityContext { get; } = Record(
        Definitions.Core + "SecurityContext", "Users, groups and rights of a container.",
        Field("capabilities", Capabilities, "The capabilities to add and drop."),
        Field("privileged", Flag, "Whether the container has all rights of the host."),
        Field("seLinuxOptions", SELinuxOptions, "The SELinux label."),
        Field("windowsOptions", WindowsSecurityContextOptions, "What holds on Windows alone."),
        Field("runAsUser", Number64, "The user of the process."),
        Field("runAsGroup", Number64, "The group of the process."),
        Field("runAsNonRoot", Flag, "Whether root is refused."),
        Field("readOnlyRootFilesystem", Flag, "Whether the root file system cannot be written."),
        Field("allowPrivilegeEscalation", Flag, "Whether a process may gain more rights than its parent."),
        Field("procMount", Text, "How /proc is mounted."),
        Field("seccompProfile", SeccompProfile, "The seccomp profile."),
        Field("appArmorProfile", AppArmorProfile, "The AppArmor profile."));

    /// <summary>Kernel settings of the pod.</summary>
    public static Schema Sysctl { get; } = Record(
        Definitions.Core + "Sysctl", "Kernel settings of the pod.",
        Field("name", Text, "The name.").Required(),
        Field("value", Text, "The value.").Required());

    /// <summary>Users, groups and rights of a pod.</summary>
    public static Schema PodSecurityContext { get; } = Record(
        Definitions.Core + "PodSecurityContext", "Users, groups and rights of a pod.",
        Field("seLinuxOptions", SELinuxOptions, "The SELinux label."),
        Field("windowsOptions", WindowsSecurityContextOptions, "What holds on Windows alone."),
        Field("runAsUser", Number64, "The user of the process."),
        Field("runAsGroup", Number64, "The group of the process."),
        Field("runAsNonRoot", Flag, "Whether root is refused."),
        Field("supplementalGroups", List(Number64), "Further groups of the process."),
        Field("supplementalGroupsPolicy", Text, "Whether groups of the image count."),
        Field("fsGroup", Number64, "The group that owns the files of volumes."),
        Field("sysctls", List(Sysctl), "Kernel settings of the pod."),
        Field("fsGroupChangePolicy", OneOf("Always", "OnRootMismatch"), "When ownership is set: Always, or OnRootMismatch."),
        Field("seccompProfile", SeccompProfile, "The seccomp profile."),
        Field("appArmorProfile", AppArmorProfile, "The AppArmor profile."),
        Field("seLinuxChangePolicy", Text, "How SELinux labels are set on volumes."));
}
